// Which pixels an answer hung on, as a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// The picture, the saliency of its pixels and both on top of each other.
/// picture: 28 x 28, ink bright on black. saliency: as many, each >= 0, shown
/// as part of the largest.
Drawing draw_saliency(
    const std::vector<uint8_t>& picture,
    const std::vector<float>& saliency,
    const std::string& title
);

/// The saliency alone, as a square with sides so long.
Raster saliency_raster(
    const std::vector<float>& saliency, Point corner, double side
);

}  // namespace digitorch
