// The sheet that is written on, where a picture shows more: paper on a table, a
// card, a screen.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// grey: uint8 [H, W]; ink: the same size, the digit found in it bright on
/// black. Where that is as large, straight-edged and full as a sheet: the
/// picture with all beyond the sheet at the sheet's own level. Otherwise empty.
cv::Mat only_sheet(const cv::Mat& grey, const cv::Mat& ink);

/// grey: uint8 [H, W]. Returns where the largest thing is that is lighter than
/// all around it and has straight, sharp edges, as paper has and light has not:
/// uint8 [H, W], 255 within its edges; empty where there is none.
cv::Mat find_sheet(const cv::Mat& grey);

/// The picture with everything beyond the sheet as light as the paper nearest
/// to it. sheet: of the same size, != 0 on the sheet, somewhere.
cv::Mat without_table(const cv::Mat& grey, const cv::Mat& sheet);

}  // namespace digitorch
