// A picture with more paper around it, for a second look at one that may be
// cropped to its ink.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace digitorch {

/// How much with_added_paper() adds on each side of such a picture, in pixels.
int added_room(const cv::Size&);

/// grey: uint8 [H, W]. Returns the picture with paper added all around it, once
/// as light as its dark part and once as its light part, since either may be
/// its paper. Empty for a picture of one level.
std::vector<cv::Mat> with_added_paper(const cv::Mat& grey);

}  // namespace digitorch
