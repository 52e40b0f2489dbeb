// Text in columns, as commands print it on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace digitorch {

/// The columns that a text takes on a terminal: none for a combining accent,
/// two for a wide East Asian character or an emoji, one for any other. The text
/// is UTF-8 without control characters.
std::size_t screen_width(std::string_view text);

/// The text, or as much of its beginning as takes less than `width` columns,
/// with an ellipsis. Requires width >= 1.
std::string shortened(std::string_view text, std::size_t width);

struct Column {
  enum class Side { left, right };

  std::string title;
  std::size_t width = 0;  ///< On the screen; longer cells move the rest along.
  Side side = Side::right;
};

/// The columns of a table. Rows are made one at a time, so that a command can
/// print each as soon as it is known.
struct Table {
  std::vector<Column> columns;
  std::size_t gap = 2;  ///< Spaces between two columns.

  /// The line of titles, ending in a newline.
  std::string heading() const;

  /// A line with at most one cell for each column, ending in a newline. Control
  /// characters in cells are escaped.
  std::string row(const std::vector<std::string>& cells) const;
};

}  // namespace digitorch
