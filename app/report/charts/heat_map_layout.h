// How large the cells and names of a heat map are, so that its texts fit.
#pragma once

#include <string>
#include <vector>

#include "app/report/charts/heat_map.h"
#include "app/report/drawing/drawing.h"

namespace digitorch {

/// The longest row or column name, in pixels; longer ones are shortened.
inline constexpr double kWidestHeatMapName = 150;

/// The sizes of the table, which follow from its texts.
struct HeatMapLayout {
  Size cell;
  double text_size = 0;    ///< Font size in the cells; 0 omits their texts.
  double row_size = 0;     ///< Font size of the row names.
  double column_size = 0;  ///< Font size of the column names.
  int row_step = 1;        ///< Every row_step-th row name is shown.
  int column_step = 1;     ///< Every column_step-th column name is shown.
  bool upwards = false;    ///< Whether column names are vertical.
  Point corner;            ///< Top left of the table.
};

/// Chooses the sizes; `corner` is left to whoever places the table.
HeatMapLayout heat_map_layout(const HeatMap&);

/// The lines of a cell's text, which '\n' separates.
std::vector<std::string> cell_lines(const std::string& text);

}  // namespace digitorch
