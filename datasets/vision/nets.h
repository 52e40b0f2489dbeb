// Grids that are drawn around digits, such as a sudoku's or a table's, on paper
// that may be bent.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace digitorch {

/// A cell of a grid.
struct GridCell {
  cv::Rect box;  ///< Around it, in pixels.
  int row = 0;   ///< From 0, from the top of its grid.
  int column = 0;
};

/// mask: uint8, 255 is ink. Clears every net of lines with at least nine cells,
/// in some of which something is written that does not touch the lines. What
/// hangs together with a net, but reaches well into a cell, stays. Returns the
/// cells of the largest net in which one line is written in each; none where
/// there is no such net.
///
/// Lines are known by what they enclose, so they may bend, lean and differ in
/// width; squared paper, on which digits lie across the lines, is left as it
/// is.
std::vector<GridCell> clear_nets(cv::Mat& mask);

}  // namespace digitorch
