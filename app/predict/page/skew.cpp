#include "app/predict/page/skew.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace digitorch {
namespace {

// What rows of few digits seem to rise is mostly chance: as much as digits with
// a spread of 0.1 heights about a line would add where pages are turned by 10
// degrees, as a part of the height squared.
constexpr double kChance = 0.35;

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
  const Skew lines = find_line_angle(mask);
  if (lines.sharp) return lines;
  // Otherwise the digits tell it better.
  std::vector<Component> components = find_components(mask);
  drop_parts_of_rules(components);
  return {.degrees = find_digit_skew(components), .sharp = false};
}

double find_digit_skew(const std::vector<Component>& components) {
  const double degrees =
      std::atan(slope_of_rows(digit_boxes(components))) * 180 / CV_PI;
  const double most = AngleSearch().most_degrees;
  return std::clamp(degrees, -most, most);
}

}  // namespace digitorch
