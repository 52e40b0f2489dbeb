// The saliency of an image's pixels, as a picture.
#pragma once

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"
#include "app/report/drawing/pixels.h"

namespace digitorch {

/// How saliency() of app/evaluation/examine.h computes it.
inline constexpr const char* kAboutSaliency =
    "How much a small change of each pixel changes the log-probability of the "
    "answer: the absolute gradient, averaged over 32 noisy copies of the "
    "picture (SmoothGrad). It does not show in which direction.";

/// Draws the image, the saliency of its pixels, and both on top of each other,
/// above kAboutSaliency.
/// saliency: a value for each pixel of the picture, >= 0, shown relative to the
/// maximum.
Drawing draw_saliency(
    const PixelPicture& picture,
    const std::vector<float>& saliency,
    const std::string& title
);

/// The saliency alone, of a picture of those sizes, as large as fits into a
/// square.
Raster saliency_raster(
    const std::vector<float>& saliency,
    const PixelPicture& picture,
    Point corner,
    double side
);

}  // namespace digitorch
