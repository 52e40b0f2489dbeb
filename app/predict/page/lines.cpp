#include "app/predict/page/lines.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace digitorch {
namespace {

// Lengths are parts of the usual height of the page's digits.

// Components that are lower than this are fragments of digits, or signs.
constexpr double kMaxFragmentHeight = 0.55;
// The largest gap between neighbours on a text line.
constexpr double kMaxGap = 2;
// Two neighbours on a text line share at least this part of the height of the
// lower one.
constexpr double kMinOverlap = 0.4;
// Two components one above the other may be stacked: parts of one digit, such
// as the body and the bar of a 5. Both together are no higher and no wider than
// this.
constexpr double kMaxStackSize = 1.2;
// The largest gaps between two stacked components.
constexpr double kMaxStackGapX = 0.1;
constexpr double kMaxStackGapY = 0.2;
// Two stacked components share at most this part of the height of the lower
// one.
constexpr double kMaxStackOverlap = 0.35;

// How many rows of pixels both boxes cover; below 0, how far they are apart.
int shared_rows(const cv::Rect& a, const cv::Rect& b) {
  return std::min(a.br().y, b.br().y) - std::max(a.y, b.y);
}

int gap_x(const cv::Rect& a, const cv::Rect& b) {
  return std::max({0, a.x - b.br().x, b.x - a.br().x});
}

int gap_y(const cv::Rect& a, const cv::Rect& b) {
  return std::max(0, -shared_rows(a, b));
}

bool are_stacked(const cv::Rect& a, const cv::Rect& b, int height) {
  const cv::Rect both = a | b;
  return both.height >= kMaxFragmentHeight * height &&
         std::max(both.width, both.height) <= kMaxStackSize * height &&
         gap_x(a, b) <= kMaxStackGapX * height &&
         gap_y(a, b) <= kMaxStackGapY * height &&
         shared_rows(a, b) <= kMaxStackOverlap * std::min(a.height, b.height);
}

void join_stacked(std::vector<Component>& components, int height) {
  for (size_t i = 0; i < components.size(); ++i)
    for (size_t j = i + 1; j < components.size(); ++j) {
      if (!are_stacked(components[i].box, components[j].box, height)) continue;
      components[i] = joined(components[i], components[j]);
      components.erase(components.begin() + static_cast<std::ptrdiff_t>(j));
      j = i;
    }
}

void sort_by_centre(TextLine& line) {
  std::stable_sort(line.begin(), line.end(), [](const auto& a, const auto& b) {
    return a.centre_x() < b.centre_x();
  });
}

// The number of each component's text line. The components are sorted by their
// centres. Each one either begins a text line or goes on with that of the first
// component to its left that it is the next neighbour of.
std::vector<size_t> number_lines(
    const std::vector<Component>& components, int height
) {
  constexpr size_t kNone = ~size_t{0};
  std::vector<size_t> line_of(components.size(), kNone);
  size_t lines = 0;
  for (size_t i = 0; i < components.size(); ++i) {
    if (line_of[i] == kNone) line_of[i] = lines++;
    const cv::Rect& a = components[i].box;
    for (size_t j = i + 1; j < components.size(); ++j) {
      const cv::Rect& b = components[j].box;
      if (line_of[j] != kNone || b.x - a.br().x > kMaxGap * height ||
          shared_rows(a, b) < kMinOverlap * std::min(a.height, b.height))
        continue;
      line_of[j] = line_of[i];
      break;
    }
  }
  return line_of;
}

// The index of the component that the fragment is nearest to, which is the last
// one if several are equally near. The number of components if none is near
// enough.
size_t nearest_to(
    const Component& fragment,
    const std::vector<Component>& components,
    int height
) {
  size_t nearest = components.size();
  double least = kMaxFragmentGap * height;
  for (size_t i = 0; i < components.size(); ++i) {
    const cv::Rect& box = components[i].box;
    const double apart =
        std::hypot(gap_x(fragment.box, box), gap_y(fragment.box, box));
    if (apart > least) continue;
    least = apart;
    nearest = i;
  }
  return nearest;
}

bool is_comma_beside(const Component& digit, const Component& fragment) {
  const double centre = fragment.centre_x();
  return (centre < digit.box.x || centre > digit.right()) &&
         is_comma(fragment.box, digit.box.y, digit.box.br().y);
}

}  // namespace

bool is_fragment(const Component& component, int height) {
  return component.box.height < kMaxFragmentHeight * height;
}

bool is_comma(const cv::Rect& box, int top, int feet) {
  const double height = feet - top;
  return box.height > box.width && box.y >= feet - kMaxFromFeet * height &&
         box.y <= feet && box.br().y >= feet + kMinSign * height;
}

std::vector<TextLine> find_text_lines(const std::vector<Component>& components
) {
  std::vector<Component> all = components;
  const int height = usual_digit_height(all);
  join_stacked(all, height);
  sort_by_centre(all);
  std::vector<Component> whole, fragments;
  for (Component& component : all)
    (is_fragment(component, height) ? fragments : whole)
        .push_back(std::move(component));

  const std::vector<size_t> line_of = number_lines(whole, height);
  std::vector<TextLine> lines;
  for (size_t i = 0; i < whole.size(); ++i) {
    if (line_of[i] == lines.size()) lines.emplace_back();
    lines[line_of[i]].push_back(whole[i]);
  }
  for (Component& fragment : fragments) {
    const size_t nearest = nearest_to(fragment, whole, height);
    if (nearest < whole.size() && !is_comma_beside(whole[nearest], fragment))
      lines[line_of[nearest]].push_back(std::move(fragment));
  }
  for (TextLine& line : lines) sort_by_centre(line);
  return lines;
}

}  // namespace digitorch
