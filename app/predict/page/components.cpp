#include "app/predict/page/components.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "datasets/vision/frames.h"
#include "datasets/vision/morphology.h"
#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// Components that are smaller than this part of the usual height are specks and
// points.
constexpr double kMinComponentSize = 0.2;
// Components that are higher than this many usual heights are drawings.
constexpr double kMaxComponentHeight = 4;

// Gaps in a broken stroke are smaller than this part of the usual height, and
// gaps between digits are larger.
constexpr double kMaxBreak = 0.1;

// What is this many times as long as wide is no 1 where it runs from one edge
// of the picture to the other, and tells nothing of the height of digits.
constexpr int kMinAcross = 20;

// Strokes cover at most this part of the square on the longer side of their
// box, a shadow or a thing more. Wider ones count no more than that.
constexpr double kMostInk = 1.0 / 3;

// More lines than this that are most of what a picture shows are a pattern.
constexpr int kMaxHairlines = 6;
// Before ruled lines are taken off there are more lines than this in a pattern.
constexpr int kMaxRuledLines = 100;

// Digits that are lower than this many pixels cannot be read.
constexpr int kMinHeightInPixels = 6;

// More components than this are noise: to read each one, and to look at pairs
// of them, would take long.
constexpr size_t kMaxComponents = 6000;

// The middle of a digit lies in the boxes of at most so many others; lines of a
// pattern lie in those of many.
constexpr int kMaxAround = 3;

// The usual width of strokes is that of the components that are higher and
// wider than these parts of the usual height.
constexpr double kMinUsualHeight = 0.5;
constexpr double kMinUsualWidth = 1.0 / 3;

// What is left of a ruled line is thinner than this part of the usual stroke.
constexpr double kMaxRuleWidth = 0.6;
// What is left of ruled lines has at least this part of its ink in straight
// lines.
constexpr double kMinStraightInk = 0.9;
// A straight line is at least this many times as long as it is wide.
constexpr double kMinRuleLength = 4;

// Whether `inner` lies in `outer` as a whole. Unlike `(inner & outer) == inner`
// it mostly ends at the first comparison, which matters where all pairs of
// components are compared.
bool contains(const cv::Rect& outer, const cv::Rect& inner) {
  return inner.x >= outer.x && inner.y >= outer.y &&
         inner.x + inner.width <= outer.x + outer.width &&
         inner.y + inner.height <= outer.y + outer.height;
}

// Whether the component is drawn around others, as the frame of a box is.
bool is_frame(const Component& component, const std::vector<Component>& all) {
  return std::ranges::any_of(all, [&](const Component& other) {
    return contains(component.box, other.box) &&
           is_frame_around(component.mask, other.box - component.box.tl());
  });
}

// Without the lines of hatchings and other patterns.
std::vector<Component> without_patterns(const std::vector<Component>& all) {
  std::vector<Component> rest;
  for (const Component& component : all) {
    const cv::Point middle = (component.box.tl() + component.box.br()) / 2;
    const auto around = std::ranges::count_if(all, [&](const Component& other) {
      return other.box.contains(middle);
    });
    if (around - 1 <= kMaxAround) rest.push_back(component);  // not itself
  }
  return rest;
}

// Whether the component is a horizontal or a vertical line, or several of them
// that meet in corners, as frames leave them. width: of its strokes, in pixels.
bool is_straight(const Component& component, double width) {
  // Too small for a curve of such a stroke.
  if (std::min(component.box.width, component.box.height) < 3 * width + 2)
    return true;
  const int length =
      std::max(kMinHeightInPixels, cvRound(kMinRuleLength * width));
  // Grown by a pixel each way, since a line may lean a little.
  cv::Mat wide, high;
  cv::dilate(component.mask, wide, vertical_kernel(3));
  cv::dilate(component.mask, high, horizontal_kernel(3));
  const cv::Mat lines = horizontal_runs(wide, length) |
                        transposed(horizontal_runs(transposed(high), length));
  return cv::countNonZero(lines & component.mask) >=
         kMinStraightInk * cv::countNonZero(component.mask);
}

// Whether the component is a line across the whole picture.
bool is_line_across(const cv::Rect& box, const cv::Size& size) {
  return (box.height == size.height && box.height >= kMinAcross * box.width) ||
         (box.width == size.width && box.width >= kMinAcross * box.height);
}

// Whether what covers so many pixels of its box is thin for its size: the edge
// of a sheet, a frame or a long line. A pen's digits are thicker or have more
// strokes.
bool is_hairline_of(const cv::Rect& box, int area) {
  const int longer = std::max(box.width, box.height);
  return longer * longer >= kMinAcross * area;
}

bool is_hairline(const Component& component) {
  return is_hairline_of(component.box, cv::countNonZero(component.mask));
}

// Whether the picture shows a pattern of lines, as a barcode or corduroy does.
bool is_hatched(const std::vector<Component>& components) {
  const auto lines = std::ranges::count_if(components, is_hairline);
  return lines > kMaxHairlines && 2 * lines > std::ssize(components);
}

// Whether the picture's edge may cut the component off, so that its height is
// not known.
bool is_cut_off(const Component& component, const cv::Size& size) {
  const cv::Rect inside(1, 1, size.width - 2, size.height - 2);
  return (component.box & inside) != component.box;
}

// The usual height without long lines, which have much ink and are no digits,
// and without what lies at the picture's edge, as the table beside a sheet
// does; with them where there is nothing else. size: of the picture.
int usual_height_of_digits(
    const std::vector<Component>& components, const cv::Size& size
) {
  std::vector<Component> others;
  std::ranges::copy_if(
      components,
      std::back_inserter(others),
      [&](const Component& component) {
        return !is_hairline(component) && !is_cut_off(component, size);
      }
  );
  return usual_height(others.empty() ? components : others);
}

// How much the component counts among the heights: its ink, as far as strokes
// can have so much.
int64_t weight_of_height(const Component& component) {
  const double longer = std::max(component.box.width, component.box.height);
  return std::min(
      cv::countNonZero(component.mask), cvRound(kMostInk * longer * longer)
  );
}

// The weighted median of the heights; 0 if there are none.
int median_by_weight(std::vector<std::pair<int, int64_t>> heights_and_weights) {
  std::sort(heights_and_weights.begin(), heights_and_weights.end());
  int64_t all = 0, below = 0;
  for (const auto& [height, own] : heights_and_weights) all += own;
  for (const auto& [height, own] : heights_and_weights) {
    below += own;
    if (2 * below >= all) return height;
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
    heights.emplace_back(component.box.height, weight_of_height(component));
  return median_by_weight(std::move(heights));
}

int usual_digit_height(const std::vector<Component>& components) {
  cv::Rect all;
  for (const Component& component : components) all |= component.box;
  if (all.empty()) return 0;
  // Boxes that meet once they are grown by half a break on every side are one.
  const int reach = cvRound(kMaxBreak / 2 * usual_height(components));
  const cv::Point origin = all.tl() - cv::Point(reach, reach);
  const cv::Size grown_by(2 * reach, 2 * reach);
  cv::Mat grown = cv::Mat::zeros(all.size() + grown_by, CV_8U), labels;
  for (const Component& component : components)
    grown(
        cv::Rect(component.box.tl() - all.tl(), component.box.size() + grown_by)
    ) = 255;
  const int count = cv::connectedComponents(grown, labels);
  std::vector<cv::Rect> boxes(static_cast<size_t>(count));
  std::vector<int64_t> weights(boxes.size());
  for (const Component& component : components) {
    const auto own =
        static_cast<size_t>(labels.at<int>(component.box.tl() - origin));
    boxes[own] |= component.box;
    weights[own] += weight_of_height(component);
  }
  std::vector<std::pair<int, int64_t>> heights;
  for (size_t i = 1; i < boxes.size(); ++i)
    heights.emplace_back(boxes[i].height, weights[i]);
  return median_by_weight(std::move(heights));
}

std::vector<Component> find_components(const cv::Mat& mask) {
  return find_components(labelled(mask));
}

std::vector<Component> find_components(const Labels& labels) {
  const cv::Size size = labels.labels.size();
  std::vector<int> largest;
  for (const int i : labels.bounded()) {
    if (!is_line_across(labels.box(i), size)) largest.push_back(i);
  }
  if (largest.size() > kMaxComponents) {
    const auto area = [&](int i) { return labels.area(i); };
    std::nth_element(
        largest.begin(),
        largest.begin() + kMaxComponents,
        largest.end(),
        [&](int a, int b) { return area(a) > area(b); }
    );
    largest.resize(kMaxComponents);
    std::sort(largest.begin(), largest.end());
  }
  std::vector<Component> components;
  for (const int i : largest) {
    components.push_back({labels.box(i), labels.mask(i)});
  }
  std::vector<Component> no_frames;
  for (const Component& component : components)
    if (!is_frame(component, components)) no_frames.push_back(component);
  components = without_patterns(no_frames);
  if (is_hatched(components)) std::erase_if(components, is_hairline);
  const int height = usual_height_of_digits(components, size);
  std::erase_if(components, [&](const Component& component) {
    const cv::Rect& box = component.box;
    return height < kMinHeightInPixels ||
           std::max(box.width, box.height) < kMinComponentSize * height ||
           box.height > kMaxComponentHeight * height;
  });
  return components;
}

bool is_pattern(const cv::Mat& mask) {
  const Labels labels = labelled(mask);
  int lines = 0, others = 0;
  for (int i = 1; i < labels.count; ++i) {
    const cv::Rect box = labels.box(i);
    if (box.height < kMinHeightInPixels && box.width < kMinHeightInPixels)
      continue;
    ++(is_hairline_of(box, labels.area(i)) ? lines : others);
  }
  return lines > kMaxRuledLines && lines > others;
}

void drop_parts_of_rules(std::vector<Component>& components) {
  const int height = usual_height(components);
  std::vector<double> widths;  // of each component's strokes
  std::vector<double> usual;   // of those of digits
  for (const Component& component : components) {
    widths.push_back(stroke_width(component.mask));
    if (component.box.height > kMinUsualHeight * height &&
        component.box.width > kMinUsualWidth * height)
      usual.push_back(widths.back());
  }
  if (usual.empty()) return;
  const double median = median_of(usual);
  size_t next = 0;
  std::erase_if(components, [&](const Component& component) {
    const double width = widths[next++];
    return width < kMaxRuleWidth * median && is_straight(component, width);
  });
}

}  // namespace digitorch
