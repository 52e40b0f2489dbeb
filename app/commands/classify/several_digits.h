// A hint for who classifies a picture of many digits as one.
#pragma once

#include <opencv2/core.hpp>

#include "app/predict/predictor.h"

namespace digitorch {

/// The number of digits that stand side by side on a line of the picture, each
/// read surely and of about the same height; 0 where there is no such line of
/// two or more, or where the network's classes are not the digits.
int digits_side_by_side(const cv::Mat& picture, Predictor&);

}  // namespace digitorch
