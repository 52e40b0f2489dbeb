// Takes the frames of boxes off a page.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// mask: uint8, 255 is ink, of an upright page. Clears the sides of single
/// boxes and of rows and columns of them, where they are thin and meet in
/// corners; strokes that cross a side stay.
void clear_frames(cv::Mat& mask);

}  // namespace digitorch
