// By how much a page is turned from upright.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "app/predict/page/components.h"
#include "datasets/vision/line_angle.h"

namespace digitorch {

/// By how many degrees lines fall to the right, -18..18; 0 where nothing shows
/// it.
using Skew = LineAngle;

/// mask: uint8, 255 is ink, of a whole page with its ruled lines and frames.
Skew find_skew(const cv::Mat& mask);

/// The same by its digits alone, in degrees.
double find_digit_skew(const std::vector<Component>& components);

}  // namespace digitorch
