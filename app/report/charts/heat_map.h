// A table of values as coloured cells.
#pragma once

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// A table of values, to be drawn as coloured cells with a colour bar.
struct HeatMap {
  std::string title;
  std::string row_label;
  std::string column_label;
  std::vector<std::string> rows;     ///< Names, from the top.
  std::vector<std::string> columns;  ///< Names, from the left.
  std::vector<double> values;        ///< Row by row; NaN leaves a cell empty.
  /// Row by row; empty for cells without text. '\n' begins a new line.
  std::vector<std::string> cell_texts;
  std::string value_label;
  bool percent = false;  ///< Show a value of 0.25 as "25 %".
  /// Colour cells from white at 0 to dark blue, which suits counts and shares,
  /// rather than by sequential_color() from the minimum to the maximum.
  bool white_zero = false;
};

/// Draws the table as large as its names and texts need, so that none overlap.
/// Throws std::logic_error where there is not one value for each cell.
Drawing draw(const HeatMap&);

}  // namespace digitorch
