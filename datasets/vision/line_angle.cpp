#include "datasets/vision/line_angle.h"

#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "datasets/vision/resize.h"

namespace digitorch {
namespace {

// Lines of text are still apart in a picture of so many pixels on a side.
constexpr int kAngleSide = 900;

// Angles are looked at in steps of so many degrees, then of so many.
constexpr double kCoarse = 0.5;
constexpr double kFine = 0.1;
constexpr int kFineSteps = 4;  // either way: less than a coarse step

// Strips of the page in which lines of text are looked at together, on the
// longer side.
constexpr int kStrips = 4;

// Enough pixels to see the lines by.
constexpr size_t kMostPoints = 20000;

// Ruled and printed lines fall together at one angle only: the unevenness there
// is so many times that at kBesideDegrees degrees either way.
constexpr double kSharpAngle = 1.04;
constexpr double kBesideDegrees = 1.5;

std::vector<cv::Point2f> ink_points(const cv::Mat& mask) {
  std::vector<cv::Point> all;
  cv::findNonZero(mask, all);
  const size_t step = all.size() / kMostPoints + 1;
  std::vector<cv::Point2f> points;
  for (size_t i = 0; i < all.size(); i += step) points.emplace_back(all[i]);
  return points;
}

// How unevenly ink falls on lines of that angle: the sum of powers of its
// profile, which is largest where all ink of a line falls together. Each strip
// of the page has a profile of its own, since columns have lines of their own.
// Where lines run across the picture there is one strip, and a high power makes
// the longest ones count.
double unevenness(
    const std::vector<cv::Point2f>& points, double degrees, bool across
) {
  const int strip = across ? 3 * kAngleSide : kAngleSide / kStrips;
  const double radians = degrees * CV_PI / 180;
  const auto c = static_cast<float>(std::cos(radians));
  const auto s = static_cast<float>(std::sin(radians));
  std::vector<std::array<int, 3 * kAngleSide>> profiles(
      static_cast<size_t>(2 * kAngleSide / strip + 2)
  );
  for (const cv::Point2f& point : points) {
    const int along = cvRound(point.x * c + point.y * s) + kAngleSide / 2;
    const int down = cvRound(point.y * c - point.x * s) + kAngleSide;
    ++profiles.at(static_cast<size_t>(along / strip)
    )[static_cast<size_t>(down)];
  }
  // Neighbours count together, so that thin lines do not fall between two.
  double sum = 0;
  for (const auto& profile : profiles)
    for (size_t i = 1; i + 1 < profile.size(); ++i) {
      const double around = profile[i - 1] + 2 * profile[i] + profile[i + 1];
      const double square = around * around;
      sum += across ? square * square * square * square : square;
    }
  return sum;
}

// The most uneven one of `steps` angles either way of the middle one.
double best_around(
    const std::vector<cv::Point2f>& points,
    double middle,
    double step,
    int steps,
    bool across
) {
  double best = middle, most = 0;
  for (int i = -steps; i <= steps; ++i) {
    const double found = unevenness(points, middle + i * step, across);
    if (found <= most) continue;
    most = found;
    best = middle + i * step;
  }
  return best;
}

}  // namespace

LineAngle find_line_angle(const cv::Mat& mask, const AngleSearch& search) {
  cv::Mat small = shrunk(mask, kAngleSide);
  if (small.size() != mask.size()) small = small > 64;
  const std::vector<cv::Point2f> points = ink_points(small);
  if (points.size() < 2) return {};
  const int steps = cvRound(search.most_degrees / kCoarse);
  double best = best_around(points, 0, kCoarse, steps, search.across);
  best = best_around(points, best, kFine, kFineSteps, search.across);
  const auto at = [&](double degrees) {
    return unevenness(points, degrees, search.across);
  };
  const double beside = at(best - kBesideDegrees) + at(best + kBesideDegrees);
  return {best, 2 * at(best) >= kSharpAngle * beside};
}

}  // namespace digitorch
