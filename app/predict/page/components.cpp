#include "app/predict/page/components.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "datasets/digit/stroke.h"
#include "datasets/vision/morphology.h"
#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// Beside the usual height of digits: smaller components are specks and points,
constexpr double kLeastSize = 0.2;
// and higher ones drawings.
constexpr double kMostHeight = 4;

// Strokes are broken over less; neighbours are further apart.
constexpr double kBreak = 0.1;

// Nothing smaller can be read.
constexpr int kLeastHeight = 6;

// More are noise, and what looks at pairs of components would take minutes.
constexpr size_t kMostPieces = 8000;

// What is left of rules: straight, and so much thinner than the usual stroke.
constexpr double kThin = 0.6;

// Whether the component is drawn around others, as the frame of a box is.
bool is_frame(const Component& component, const std::vector<Component>& all) {
  constexpr double kInside = 0.35;  // of its height: what it is drawn around
  constexpr double kHollow = 0.03;  // of its ink, at most, in its inner half
  const cv::Rect box = component.box;
  const bool around_some =
      std::any_of(all.begin(), all.end(), [&](const Component& other) {
        return (other.box & box) == other.box &&
               other.box.height > kInside * box.height &&
               3 * other.box.area() < 2 * box.area();
      });
  if (!around_some) return false;
  const cv::Rect inner(
      box.width / 4, box.height / 4, box.width / 2, box.height / 2
  );
  return cv::countNonZero(component.mask(inner)) <=
         kHollow * cv::countNonZero(component.mask);
}

// Whether the component is a level or an upright line, or some of them in
// corners, as frames leave them. width: of its strokes.
bool is_straight(const Component& component, double width) {
  constexpr double kStraight = 0.9;  // of its ink
  if (std::min(component.box.width, component.box.height) < 3 * width + 2)
    return true;
  const int run = std::max(kLeastHeight, cvRound(4 * width));
  cv::Mat wide, high;  // so that a line may lean
  cv::dilate(component.mask, wide, vertical_kernel(3));
  cv::dilate(component.mask, high, horizontal_kernel(3));
  const cv::Mat lines = horizontal_runs(wide, run) |
                        transposed(horizontal_runs(transposed(high), run));
  return cv::countNonZero(lines & component.mask) >=
         kStraight * cv::countNonZero(component.mask);
}

// The height below which half of the ink is; 0 of none.
int middle_by_ink(std::vector<std::pair<int, int64_t>> heights_and_ink) {
  std::sort(heights_and_ink.begin(), heights_and_ink.end());
  int64_t ink = 0, below = 0;
  for (const auto& [height, own] : heights_and_ink) ink += own;
  for (const auto& [height, own] : heights_and_ink) {
    below += own;
    if (2 * below >= ink) return height;
  }
  return 0;
}

}  // namespace

Component joined(const Component& a, const Component& b) {
  Component both;
  both.box = a.box | b.box;
  both.mask = cv::Mat::zeros(both.box.size(), CV_8U);
  for (const Component* component : {&a, &b}) {
    cv::Mat part = both.mask(component->box - both.box.tl());
    cv::bitwise_or(part, component->mask, part);
  }
  return both;
}

int usual_height(const std::vector<Component>& components) {
  std::vector<std::pair<int, int64_t>> heights;
  for (const Component& component : components)
    heights.emplace_back(
        component.box.height, cv::countNonZero(component.mask)
    );
  return middle_by_ink(std::move(heights));
}

int usual_digit_height(const std::vector<Component>& components) {
  cv::Rect all;
  for (const Component& component : components) all |= component.box;
  if (all.empty()) return 0;
  // Boxes that meet when they are grown by half a break on every side.
  const int reach = cvRound(kBreak / 2 * usual_height(components));
  const cv::Point origin = all.tl() - cv::Point(reach, reach);
  const cv::Size grown_by(2 * reach, 2 * reach);
  cv::Mat grown = cv::Mat::zeros(all.size() + grown_by, CV_8U), labels;
  for (const Component& component : components)
    grown(
        cv::Rect(component.box.tl() - all.tl(), component.box.size() + grown_by)
    ) = 255;
  const int count = cv::connectedComponents(grown, labels);
  std::vector<cv::Rect> boxes(static_cast<size_t>(count));
  std::vector<int64_t> inks(boxes.size());
  for (const Component& component : components) {
    const auto own =
        static_cast<size_t>(labels.at<int>(component.box.tl() - origin));
    boxes[own] |= component.box;
    inks[own] += cv::countNonZero(component.mask);
  }
  std::vector<std::pair<int, int64_t>> heights;
  for (size_t i = 1; i < boxes.size(); ++i)
    heights.emplace_back(boxes[i].height, inks[i]);
  return middle_by_ink(std::move(heights));
}

std::vector<Component> find_components(const cv::Mat& mask) {
  cv::Mat labels, facts, centres;
  const int count =
      cv::connectedComponentsWithStats(mask, labels, facts, centres);
  std::vector<int> largest;
  for (int i = 1; i < count; ++i) {
    const cv::Rect box = component_box(facts, i);
    if (std::max(box.width, box.height) >= 3) largest.push_back(i);
  }
  if (largest.size() > kMostPieces) {
    const auto area = [&](int i) { return facts.at<int>(i, cv::CC_STAT_AREA); };
    std::nth_element(
        largest.begin(),
        largest.begin() + kMostPieces,
        largest.end(),
        [&](int a, int b) { return area(a) > area(b); }
    );
    largest.resize(kMostPieces);
    std::sort(largest.begin(), largest.end());
  }
  std::vector<Component> components;
  for (const int i : largest) {
    const cv::Rect box = component_box(facts, i);
    components.push_back({box, labels(box) == i});
  }
  std::vector<Component> within;
  for (const Component& component : components)
    if (!is_frame(component, components)) within.push_back(component);
  components = std::move(within);
  const int height = usual_height(components);
  std::erase_if(components, [&](const Component& component) {
    const cv::Size size = component.box.size();
    return height < kLeastHeight ||
           std::max(size.width, size.height) < kLeastSize * height ||
           size.height > kMostHeight * height;
  });
  return components;
}

void drop_parts_of_rules(std::vector<Component>& components) {
  const int height = usual_height(components);
  std::vector<double> widths;
  std::vector<double> usual;
  for (const Component& component : components) {
    widths.push_back(stroke_width(component.mask));
    if (2 * component.box.height > height && 3 * component.box.width > height)
      usual.push_back(widths.back());
  }
  if (usual.empty()) return;
  const double middle = median_of(usual);
  size_t next = 0;
  std::erase_if(components, [&](const Component& component) {
    const double width = widths[next++];
    return width < kThin * middle && is_straight(component, width);
  });
}

}  // namespace digitorch
