// Images with captions, as a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

struct CaptionedImage {
  std::vector<uint8_t> pixels;     ///< 28 x 28, bright on black.
  std::vector<std::string> lines;  ///< Below the image: "is 4", "said 9".
};

/// Draws the images in rows of `columns`, dark on white.
Drawing draw_image_grid(
    const std::string& title, const std::vector<CaptionedImage>&, int columns
);

}  // namespace digitorch
