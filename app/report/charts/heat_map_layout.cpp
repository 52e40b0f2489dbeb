#include "app/report/charts/heat_map_layout.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "app/report/drawing/layout.h"

namespace digitorch {
namespace {

constexpr double kWidestTable = 1200;  // with texts in its cells
constexpr double kWidestPlain = 900;   // without
constexpr double kLargestPlainCell = 40;
constexpr double kLargestTextCell = 64;  // unless texts need more
constexpr double kRoomyTable = 300;      // small tables grow to this

/// Chooses cells that hold legible texts. Returns false where the table would
/// be too large.
bool fit_texts(const HeatMap& map, HeatMapLayout& layout) {
  if (map.cell_texts.empty()) return false;
  for (double size = kTextSize; size >= kMinTextSize; --size) {
    const double longest =
        double(std::max(map.rows.size(), map.columns.size()));
    const double side =
        std::clamp(kRoomyTable / longest, 2.4 * size, kLargestTextCell);
    Size cell{side, side};
    for (const std::string& text : map.cell_texts) {
      const auto lines = cell_lines(text);
      cell.width = std::max(cell.width, widest(lines, size) + 8);
      cell.height =
          std::max(cell.height, double(lines.size()) * line_height(size) + 7);
    }
    if (cell.width * double(map.columns.size()) > kWidestTable ||
        cell.height * double(map.rows.size()) > kWidestTable)
      continue;
    layout.cell = cell;
    layout.text_size = size;
    return true;
  }
  return false;
}

/// Chooses the font size of names that are `pitch` apart, and how many of them
/// to show.
void fit_names(double pitch, double& size, int& step) {
  size = std::clamp(pitch / 1.25, kMinTextSize, kTextSize);
  step = std::max(1, int(std::ceil(1.25 * size / pitch)));
}

}  // namespace

std::vector<std::string> cell_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

HeatMapLayout heat_map_layout(const HeatMap& map) {
  HeatMapLayout layout;
  if (!fit_texts(map, layout)) {
    const double longest =
        double(std::max(map.rows.size(), map.columns.size()));
    const double side = std::min(kLargestPlainCell, kWidestPlain / longest);
    layout.cell = {side, side};
  }
  const double name_width =
      widest(shortened(map.columns, kTextSize, kWidestHeatMapName), kTextSize);
  constexpr double kWorthwhile = 64;  // wider cells only for horizontal names
  if (name_width + 8 <= kWorthwhile &&
      double(map.columns.size()) * (name_width + 8) <= kWidestPlain)
    layout.cell.width = std::max(layout.cell.width, name_width + 8);
  layout.upwards = name_width + 6 > layout.cell.width;
  fit_names(layout.cell.height, layout.row_size, layout.row_step);
  fit_names(layout.cell.width, layout.column_size, layout.column_step);
  if (!layout.upwards) layout.column_size = kTextSize, layout.column_step = 1;
  return layout;
}

}  // namespace digitorch
