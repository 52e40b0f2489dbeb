// What looks like a stroke, but is the edge of a thing.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// Whether what fills that box of the picture, uint8 [H, W], is the edge of a
/// sheet, of a display's window or of a shadow: both sides of a stroke show the
/// same paper, dark or light, but beyond an edge there is another thing. False
/// for boxes less than three times as high as wide, which may be digits other
/// than 1, and where the picture ends right beside the box.
bool is_edge(const cv::Mat& grey, const cv::Rect& box);

}  // namespace digitorch
