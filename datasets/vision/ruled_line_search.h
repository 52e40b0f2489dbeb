// Where the ruled lines of a page are: horizontal segments that continue each
// other.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "datasets/vision/ruled_lines.h"

namespace digitorch {

/// A nearly horizontal line across a page.
struct RuledLine {
  std::vector<float> course;  ///< The row of its middle in each column.
  std::vector<bool> shown;    ///< Whether it is there in each column.
  double thickness = 0;       ///< In pixels.
};

/// ink: uint8, 0..255. Returns the horizontal ruled lines, which may lean and
/// bend.
std::vector<RuledLine> find_ruled_lines(
    const cv::Mat& ink, const RuledLineSearch& search
);

}  // namespace digitorch
