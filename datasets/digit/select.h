// Which of the ink in a picture is its one digit.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// ink: uint8 [H, W] as find_ink() gives it. Leaves only what makes the one
/// digit: the most of the ink, with the parts that lie near; not specks, edges
/// of the sheet, or what is beyond. Returns the same size, with most of the
/// digit at 255; empty where there is none.
cv::Mat select_digit(const cv::Mat& ink);

}  // namespace digitorch
