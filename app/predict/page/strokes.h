// The ink of a page without what is printed to write on, and with its
// hairlines.
#pragma once

#include <vector>

#include "app/predict/page/ink.h"
#include "datasets/vision/nets.h"

namespace digitorch {

struct Strokes {
  cv::Mat mask;                ///< uint8, 255 is ink.
  bool ruled;                  ///< Whether the page had ruled lines or frames.
  std::vector<GridCell> grid;  ///< The cells of its grid, where it has one.
};

/// Takes ruled lines and frames off the page. What is left is its strong ink
/// with the faint strokes that hang on to it: the hairlines of print and of
/// light pens.
Strokes find_strokes(PageInk&);

}  // namespace digitorch
