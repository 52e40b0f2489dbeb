#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "app/predict/page/components.h"
#include "app/predict/page/ink.h"
#include "datasets/vision/resize.h"

namespace digitorch {
namespace {

constexpr double kMostDegrees = 18;  // the promise is 15

// Lines of text are still apart at this size.
constexpr int kSide = 900;

// Enough to see the lines by.
constexpr size_t kMostPoints = 20000;

// Rules and printed lines fall together at one angle only: the unevenness there
// is by so much above that at 1.5 degrees either way. Otherwise the digits say
// it better.
constexpr double kSharp = 1.04;
constexpr double kBeside = 1.5;

// What rows of few digits seem to rise is mostly chance: as much as digits with
// a spread of 0.1 heights about a line would add where pages are turned by 10
// degrees, as a part of the height squared.
constexpr double kChance = 0.35;

std::vector<cv::Point2f> ink_points(const cv::Mat& mask) {
  std::vector<cv::Point> all;
  cv::findNonZero(mask, all);
  const size_t step = all.size() / kMostPoints + 1;
  std::vector<cv::Point2f> points;
  for (size_t i = 0; i < all.size(); i += step) points.emplace_back(all[i]);
  return points;
}

// How unevenly ink falls on lines of that slope: the sum of squares of its
// profile, which is largest where all ink of a line falls together. Each strip
// of the page has a profile of its own, since columns have lines of their own.
double unevenness(const std::vector<cv::Point2f>& points, double degrees) {
  constexpr int kStrip = kSide / 4;
  constexpr int kStrips = 2 * kSide / kStrip + 2;
  const double radians = degrees * CV_PI / 180;
  const auto c = static_cast<float>(std::cos(radians));
  const auto s = static_cast<float>(std::sin(radians));
  std::vector<std::array<int, 3 * kSide>> profiles(kStrips);
  for (const cv::Point2f& point : points) {
    const int along = cvRound(point.x * c + point.y * s) + kSide / 2;
    const int down = cvRound(point.y * c - point.x * s) + kSide;
    ++profiles.at(static_cast<size_t>(along / kStrip)
    )[static_cast<size_t>(down)];
  }
  // Neighbours count together, so that thin lines do not fall between two.
  double sum = 0;
  for (const auto& profile : profiles)
    for (size_t i = 1; i + 1 < profile.size(); ++i) {
      const double around = profile[i - 1] + 2 * profile[i] + profile[i + 1];
      sum += around * around;
    }
  return sum;
}

double best_between(
    const std::vector<cv::Point2f>& points, double from, double to, double step
) {
  double best = from;
  double most = 0;
  for (double degrees = from; degrees <= to + step / 2; degrees += step) {
    const double found = unevenness(points, degrees);
    if (found <= most) continue;
    most = found;
    best = degrees;
  }
  return best;
}

// The boxes of what may be digits: neither specks nor frames.
std::vector<cv::Rect> digit_boxes(const std::vector<Component>& components) {
  const int height = usual_height(components);
  std::vector<cv::Rect> boxes;
  for (const Component& component : components)
    if (2 * component.box.height >= height &&
        component.box.height <= 2 * height && component.box.width <= 3 * height)
      boxes.push_back(component.box);
  return boxes;
}

// The slope of rows of digits: each is followed from neighbour to neighbour,
// and one slope fitted to the centres of all rows by least squares.
double slope_of_rows(std::vector<cv::Rect> boxes) {
  constexpr size_t kNone = ~size_t{0};
  std::sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) {
    return a.x + a.width / 2 < b.x + b.width / 2;
  });
  const auto centre = [&](size_t i) {
    return cv::Point2d(boxes[i].tl() + boxes[i].br()) / 2;
  };
  std::vector<size_t> row(boxes.size(), kNone);  // its first digit
  double products = 0, squares = 0, chance = 0;
  std::vector<std::vector<cv::Point2d>> rows(boxes.size());
  for (size_t i = 0; i < boxes.size(); ++i) {
    if (row[i] == kNone) row[i] = i;
    chance = std::max(chance, kChance * boxes[i].height * boxes[i].height);
    rows[row[i]].push_back(centre(i));
    for (size_t j = i + 1; j < boxes.size(); ++j) {
      const int height = std::max(boxes[i].height, boxes[j].height);
      const cv::Point2d step = centre(j) - centre(i);
      if (step.x > 2.5 * height) break;
      if (row[j] != kNone || step.x < 0.2 * height ||
          std::abs(step.y) > 0.2 * height + 0.3 * step.x)
        continue;
      row[j] = row[i];
      break;
    }
  }
  for (const auto& points : rows) {
    cv::Point2d mean;
    for (const auto& point : points)
      mean += point / static_cast<double>(points.size());
    for (const auto& point : points) {
      products += (point.x - mean.x) * (point.y - mean.y);
      squares += (point.x - mean.x) * (point.x - mean.x);
    }
  }
  return squares > 0 ? products / (squares + chance) : 0;
}

}  // namespace

Skew find_skew(const cv::Mat& mask) {
  cv::Mat small = shrunk(mask, kSide);
  if (small.size() != mask.size()) small = small > 64;
  const std::vector<cv::Point2f> points = ink_points(small);
  if (points.size() < 2) return {};
  double best = best_between(points, -kMostDegrees, kMostDegrees, 0.5);
  best = best_between(points, best - 0.4, best + 0.4, 0.1);
  const double beside =
      unevenness(points, best - kBeside) + unevenness(points, best + kBeside);
  if (2 * unevenness(points, best) >= kSharp * beside)
    return {.degrees = best, .sharp = true};
  std::vector<Component> components = find_components(small);
  drop_parts_of_rules(components);
  return {.degrees = find_digit_skew(components), .sharp = false};
}

double find_digit_skew(const std::vector<Component>& components) {
  const double degrees =
      std::atan(slope_of_rows(digit_boxes(components))) * 180 / CV_PI;
  return std::clamp(degrees, -kMostDegrees, kMostDegrees);
}

}  // namespace digitorch
