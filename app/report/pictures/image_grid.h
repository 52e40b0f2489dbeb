// Digits with what is to be said of each, as a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

struct CaptionedImage {
  std::vector<uint8_t> pixels;  ///< 28 x 28, ink bright on black.
  std::string caption;          ///< Below: "is 4".
  std::string second_line;      ///< Below that: "said 9, 98.1 %"; may be empty.
};

/// In rows of `columns`, ink dark on paper.
Drawing draw_image_grid(
    const std::string& title, const std::vector<CaptionedImage>&, int columns
);

}  // namespace digitorch
