// A drawing, or an image, as a PNG file.
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// The bytes of a PNG file with `scale` pixels for each unit of the drawing,
/// anti-aliased. Throws std::logic_error for a drawing without area, and for a
/// raster without rows x columns x 3 bytes.
std::string to_png(const Drawing&, double scale = 2);

/// The bytes of a PNG file. image: BGR or grey.
std::string encode_png(const cv::Mat& image);

/// The raster as a BGR image with one pixel for each of the raster's. Throws
/// std::logic_error where `rgb` does not hold rows x columns x 3 bytes, or
/// none.
cv::Mat to_mat(const Raster&);

}  // namespace digitorch
