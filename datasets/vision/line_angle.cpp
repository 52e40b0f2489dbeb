#include "datasets/vision/line_angle.h"

#include <algorithm>
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

// Strips of the page in which lines of text are looked at together, on the
// longer side.
constexpr int kStrips = 4;

// Enough pixels to see the lines by.
constexpr size_t kMostPoints = 20000;

// Ruled and printed lines fall together at one angle only: the unevenness there
// is so many times that at kBesideDegrees degrees either way.
constexpr double kSharpAngle = 1.04;
constexpr double kBesideDegrees = 1.5;

struct InkPoints {
  std::vector<cv::Point2f> points;
  int reach = 0;  // none is farther from the picture's corner, in pixels
};

InkPoints ink_points(const cv::Mat& mask) {
  std::vector<cv::Point> all;
  cv::findNonZero(mask, all);
  const size_t step = all.size() / kMostPoints + 1;
  InkPoints ink;
  for (size_t i = 0; i < all.size(); i += step) {
    ink.points.emplace_back(all[i]);
    ink.reach = std::max(ink.reach, cvCeil(cv::norm(all[i])));
  }
  return ink;
}

// How unevenly ink falls on lines of that angle: the sum of powers of its
// profile, which is largest where all ink of a line falls together. Each strip
// of the page has a profile of its own, since columns have lines of their own.
// Where lines run across the picture there is one strip, and a high power makes
// the longest ones count.
double unevenness(const InkPoints& ink, double degrees, bool across) {
  const int strip = across ? 3 * kAngleSide : kAngleSide / kStrips;
  const double radians = degrees * CV_PI / 180;
  const auto c = static_cast<float>(std::cos(radians));
  const auto s = static_cast<float>(std::sin(radians));
  // Room for the rows from -reach to reach and a neighbour at either end.
  const auto rows = static_cast<size_t>(2 * ink.reach + 3);
  std::vector<std::vector<int>> profiles(
      static_cast<size_t>(2 * kAngleSide / strip + 2), std::vector<int>(rows)
  );
  for (const cv::Point2f& point : ink.points) {
    const int along = cvRound(point.x * c + point.y * s) + kAngleSide / 2;
    const int down = cvRound(point.y * c - point.x * s) + ink.reach + 1;
    ++profiles.at(static_cast<size_t>(along / strip)
    )[static_cast<size_t>(down)];
  }
  // Neighbours count together, so that thin lines do not fall between two.
  double sum = 0;
  for (const std::vector<int>& profile : profiles)
    for (size_t i = 1; i + 1 < rows; ++i) {
      const double around = profile[i - 1] + 2 * profile[i] + profile[i + 1];
      const double square = around * around;
      sum += across ? square * square * square * square : square;
    }
  return sum;
}

// The most uneven one of `steps` angles either way of the middle one.
double best_around(
    const InkPoints& ink, double middle, double step, int steps, bool across
) {
  double best = middle, most = 0;
  for (int i = -steps; i <= steps; ++i) {
    const double found = unevenness(ink, middle + i * step, across);
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
  const InkPoints ink = ink_points(small);
  if (ink.points.size() < 2) return {};
  const int steps = cvRound(search.most_degrees / kCoarse);
  double best = best_around(ink, 0, kCoarse, steps, search.across);
  const int finer = cvRound(kCoarse / kFine) - 1;  // within a coarse step
  best = best_around(ink, best, kFine, finer, search.across);
  const auto at = [&](double degrees) {
    return unevenness(ink, degrees, search.across);
  };
  const double beside = at(best - kBesideDegrees) + at(best + kBesideDegrees);
  return {best, 2 * at(best) >= kSharpAngle * beside};
}

}  // namespace digitorch
