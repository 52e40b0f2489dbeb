#include "app/cli/table.h"

#include <algorithm>
#include <array>

#include "app/system/text.h"

namespace digitorch {
namespace {

struct CodeRange {
  char32_t first;
  char32_t last;
};

// From Unicode 15's EastAsianWidth.txt: what is wide or fullwidth, with the
// small gaps between ranges closed.
constexpr std::array kWide{
    CodeRange{0x1100, 0x115F},
    CodeRange{0x2E80, 0x303E},
    CodeRange{0x3041, 0xA4CF},
    CodeRange{0xA960, 0xA97C},
    CodeRange{0xAC00, 0xD7A3},
    CodeRange{0xF900, 0xFAFF},
    CodeRange{0xFE30, 0xFE6B},
    CodeRange{0xFF01, 0xFF60},
    CodeRange{0xFFE0, 0xFFE6},
    CodeRange{0x1F300, 0x1F64F},
    CodeRange{0x1F680, 0x1F6FF},
    CodeRange{0x1F900, 0x1F9FF},
    CodeRange{0x20000, 0x3FFFD}};

// Accents that combine with the letter before them, and characters that only
// join others.
constexpr std::array kNoWidth{
    CodeRange{0x0300, 0x036F},
    CodeRange{0x200B, 0x200F},
    CodeRange{0x20D0, 0x20FF},
    CodeRange{0xFE00, 0xFE0F}};

template <std::size_t size>
bool contains(const std::array<CodeRange, size>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const CodeRange& each) {
    return each.first <= code && code <= each.last;
  });
}

std::string padded(const std::string& text, const Column& column) {
  const std::size_t width = screen_width(text);
  const std::string blanks(column.width - std::min(width, column.width), ' ');
  return column.side == Column::Side::left ? text + blanks : blanks + text;
}

}  // namespace

std::size_t screen_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const char32_t code = take_character(text).value_or(U'?');
    if (!contains(kNoWidth, code)) width += contains(kWide, code) ? 2 : 1;
  }
  return width;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (screen_width(text) <= width) return std::string(text);
  std::string_view rest = text;
  std::string_view kept;
  while (true) {
    take_character(rest);
    const std::string_view longer = text.substr(0, text.size() - rest.size());
    if (screen_width(longer) >= width) break;
    kept = longer;
  }
  return std::string(kept) + "\u2026";
}

std::string Table::heading() const {
  std::vector<std::string> titles;
  for (const Column& column : columns) titles.push_back(column.title);
  return row(titles);
}

std::string Table::row(const std::vector<std::string>& cells) const {
  std::string line;
  for (std::size_t i = 0; i < std::min(cells.size(), columns.size()); ++i) {
    if (i > 0) line.append(gap, ' ');
    line += padded(escape_control(cells[i]), columns[i]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

}  // namespace digitorch
