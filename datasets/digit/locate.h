// The digit's ink in a picture in which other things may be: ruled lines, a
// sheet's edges, the table that the sheet lies on.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// grey: uint8 [H, W], ink on either side of the paper's level. Returns the
/// same size, the one digit's ink bright on black; empty where there is none.
cv::Mat digit_ink(const cv::Mat& grey);

}  // namespace digitorch
