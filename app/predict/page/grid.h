// Digits in the cells of a grid, such as a sudoku's.
#pragma once

#include <vector>

#include "app/predict/page/reading.h"
#include "datasets/vision/nets.h"

namespace digitorch {

/// The cell that the component lies in; null if it lies in none.
const GridCell* cell_of(const Component&, const std::vector<GridCell>& grid);

/// Whether no digit in a cell lies below another one there. Where lines of a
/// grid are missed, cells melt into one that holds digits of several rows, and
/// their order is lost.
bool has_one_line_per_cell(
    const std::vector<DigitLine>& lines, const std::vector<GridCell>& grid
);

/// The lines with all digits of the grid put into lines of their own, one for
/// each row, from left to right. These follow each other in place of the first
/// line that had any of them.
std::vector<DigitLine> in_rows(
    std::vector<DigitLine> lines, const std::vector<GridCell>& grid
);

}  // namespace digitorch
