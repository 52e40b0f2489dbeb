// What seemed a digit and is the sheet that the digit stands on: paper on a
// dark table, a card, a screen.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// grey: uint8 [H, W]; ink: the same size, the digit found in it bright on
/// black. Where that is as large, straight-edged and full as a sheet: the
/// picture with all beyond the sheet at the sheet's own level. Otherwise empty.
cv::Mat only_sheet(const cv::Mat& grey, const cv::Mat& ink);

}  // namespace digitorch
