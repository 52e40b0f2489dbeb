// Text broken into lines, for help and other prose on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace digitorch {

/// The words of the text on lines of at most `width` columns. A longer word has
/// a line of its own, so that a path can be copied. No words make no line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// The text with each of its lines wrapped and a newline after every line. A
/// line that begins with two spaces, such as an example, stays as it is.
std::string paragraphs(std::string_view text, std::size_t width);

struct TwoColumns {
  std::size_t indent = 2;
  std::size_t gap = 2;
  /// A longer left cell stands on a line of its own, above its right cell.
  std::size_t longest_left = 28;
  std::size_t width = 80;
};

/// A line for each pair, or more where the right cell is long: the left cells
/// below each other, the right cells wrapped beside them.
std::string two_columns(
    const std::vector<std::pair<std::string, std::string>>& rows,
    const TwoColumns& layout
);

}  // namespace digitorch
