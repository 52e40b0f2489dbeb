// Takes off a page what is printed on it to write on: ruled and squared lines,
// frames of boxes.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// mask: uint8, 255 is ink, of an upright page. Returns it without straight
/// level and upright lines across the page and without the frames of boxes;
/// strokes that cross a line keep what they have on it.
cv::Mat without_rules(const cv::Mat& mask);

}  // namespace digitorch
