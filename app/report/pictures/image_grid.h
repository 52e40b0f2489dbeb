// Images with captions, as a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

struct CaptionedImage {
  std::vector<uint8_t> pixels;  ///< 28 x 28, bright on black.
  std::string caption;          ///< Below the image: "is 4".
  std::string second_line;      ///< Below it: "said 9, 98.1 %"; may be empty.
};

/// Draws the images in rows of `columns`, dark on white.
Drawing draw_image_grid(
    const std::string& title, const std::vector<CaptionedImage>&, int columns
);

}  // namespace digitorch
