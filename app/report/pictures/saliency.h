// The saliency of an image's pixels, as a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// Draws the image, the saliency of its pixels, and both on top of each other.
/// picture: 28 x 28, bright on black. saliency: 28 x 28, each >= 0, shown
/// relative to the maximum.
Drawing draw_saliency(
    const std::vector<uint8_t>& picture,
    const std::vector<float>& saliency,
    const std::string& title
);

/// The saliency alone, as a square whose sides have the length `side`.
Raster saliency_raster(
    const std::vector<float>& saliency, Point corner, double side
);

}  // namespace digitorch
