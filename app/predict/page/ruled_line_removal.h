// How dark a printed line is, and the ink without it.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace digitorch {

/// A nearly level line across a page.
struct LineCourse {
  std::vector<float> course;     ///< Its middle's height in each column.
  std::vector<cv::Range> shown;  ///< Columns in which it is there.
  double thickness = 0;          ///< Pixels.
};

/// Takes the rule off the ink (uint8): where ink is darker than the line is
/// near by, the line's part of it; where it is not, all but what a stroke that
/// crosses the line has there, judged by what it has beside it in `strokes`,
/// which is as large.
void take_off(const LineCourse&, const cv::Mat& strokes, cv::Mat& ink);

}  // namespace digitorch
