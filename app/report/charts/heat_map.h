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
  /// The colour of each cell, row by row, in place of sequential_color() from
  /// the smallest value to the largest; then
  /// there is no colour bar. Empty: by the values.
  std::vector<Color> colors = {};
  std::string note = {};  ///< Below the table, in lines as wide as it.
};

/// Draws the table as large as its names and texts need, so that none overlap.
/// Throws std::logic_error where there is not one value for each cell, or are
/// texts or colours for some cells only.
Drawing draw(const HeatMap&);

}  // namespace digitorch
