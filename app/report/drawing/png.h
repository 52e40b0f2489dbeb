// What the SVG and the PNG form of a drawing share: pixels as OpenCV takes
// them.
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// BGR, one pixel for each of the raster's. Throws std::logic_error where rgb
/// does not hold rows x columns x 3 bytes, or none.
cv::Mat to_mat(const Raster&);

/// A PNG file's bytes. image: BGR or grey.
std::string encode_png(const cv::Mat& image);

}  // namespace digitorch
