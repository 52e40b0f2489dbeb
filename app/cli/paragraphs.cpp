#include "app/cli/paragraphs.h"

#include <algorithm>

#include "app/cli/table.h"
#include "models/options/fields.h"

namespace digitorch {
namespace {

// Narrower right columns would be a word a line.
constexpr std::size_t kNarrowest = 16;

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::size_t used = 0;
  for (const std::string& word : split_text(std::string(text), ' ')) {
    if (word.empty()) continue;
    const std::size_t length = screen_width(word);
    if (lines.empty() || used + 1 + length > width) {
      lines.push_back(word);
      used = length;
    } else {
      lines.back() += ' ' + word;
      used += 1 + length;
    }
  }
  return lines;
}

std::string paragraphs(std::string_view text, std::size_t width) {
  std::string result;
  for (const std::string& line : split_text(std::string(text), '\n'))
    if (line.empty() || line.starts_with("  "))
      result += line + '\n';
    else
      result += join(wrapped(line, width), "\n") + '\n';
  return result;
}

std::string two_columns(
    const std::vector<std::pair<std::string, std::string>>& rows,
    const TwoColumns& layout
) {
  const std::size_t longest = std::min(layout.longest_left, layout.width / 2);
  std::size_t left_width = 0;
  for (const auto& [left, right] : rows)
    if (screen_width(left) <= longest)
      left_width = std::max(left_width, screen_width(left));
  // Where all left cells are long, the right cells still stand apart.
  const std::size_t start =
      layout.indent + std::max<std::size_t>(left_width, 4) + layout.gap;
  const std::size_t room = std::max(layout.width, start + kNarrowest) - start;
  std::string text;
  for (const auto& [left, right] : rows) {
    text += std::string(layout.indent, ' ') + left;
    std::size_t at = layout.indent + screen_width(left);
    if (screen_width(left) > left_width && !right.empty()) {
      text += '\n';
      at = 0;
    }
    for (const std::string& line : wrapped(right, room)) {
      if (at > start) {
        text += '\n';
        at = 0;
      }
      text += std::string(start - at, ' ') + line;
      at = start + 1;
    }
    text += '\n';
  }
  return text;
}

}  // namespace digitorch
