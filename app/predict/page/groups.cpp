#include "app/predict/page/groups.h"

#include <algorithm>

namespace digitorch {
namespace {

// Lengths are parts of the usual height of the digits on the line.

// Two components may be parts of one digit if more than this part of the
// narrower one lies above or below the other one.
constexpr double kMinSharedWidth = 0.5;

// A line is written in a size of its own if its usual height and that of the
// page differ by more than this factor.
constexpr double kOtherSize = 1.6;
// For a line in the page's size, the page's height counts as much as this many
// digits of the line.
constexpr int kPageWeight = 4;

bool may_share_digit(const Component& a, const Component& b, int height) {
  const int apart = std::max(a.box.x, b.box.x) - std::min(a.right(), b.right());
  if (is_fragment(a, height) || is_fragment(b, height))
    return apart < kMaxFragmentGap * height;
  const int narrower = std::min(a.box.width, b.box.width);
  return -apart > kMinSharedWidth * narrower;
}

// The usual height of a line's digits. That of the page counts too, since a
// line of few digits may have nothing but low or high ones.
int height_of_digits(const TextLine& line, int page_height) {
  const int own = usual_height(line);
  if (own > kOtherSize * page_height || page_height > kOtherSize * own)
    return own;
  const auto count = static_cast<int>(line.size());
  return (count * own + kPageWeight * page_height) / (count + kPageWeight);
}

}  // namespace

std::vector<ComponentGroup> group_components(const std::vector<TextLine>& lines
) {
  std::vector<Component> all;
  for (const TextLine& line : lines)
    all.insert(all.end(), line.begin(), line.end());
  const int page_height = usual_digit_height(all);
  std::vector<ComponentGroup> groups;
  for (size_t i = 0; i < lines.size(); ++i) {
    const int height = height_of_digits(lines[i], page_height);
    const size_t first = groups.size();
    for (const Component& component : lines[i]) {
      const auto is_near = [&](const Component& other) {
        return may_share_digit(other, component, height);
      };
      if (groups.size() > first &&
          std::ranges::any_of(groups.back().components, is_near))
        groups.back().components.push_back(component);
      else
        groups.push_back({i, height, {component}});
    }
  }
  return groups;
}

}  // namespace digitorch
