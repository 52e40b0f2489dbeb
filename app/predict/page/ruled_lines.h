// Takes off a page what is printed on it to write on: ruled and squared lines.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// ink: uint8, how dark the ink is beside its paper, of an upright page. Takes
/// level and upright lines across the page off it, faint or strong; strokes
/// that cross a line or run along it keep what they have there. Returns whether
/// there were any.
bool clear_rules(cv::Mat& ink);

}  // namespace digitorch
