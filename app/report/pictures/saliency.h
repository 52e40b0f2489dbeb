// The saliency of an image's pixels, as a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// How saliency() of app/evaluation/examine.h computes it.
inline constexpr const char* kAboutSaliency =
    "How much a small change of each pixel changes the log-probability of the "
    "answer: the absolute gradient, averaged over 32 noisy copies of the "
    "picture (SmoothGrad). It does not show in which direction.";

/// Draws the image, the saliency of its pixels, and both on top of each other,
/// above kAboutSaliency.
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
