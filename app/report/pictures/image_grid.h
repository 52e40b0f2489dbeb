// Images with captions, as a picture.
#pragma once

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"
#include "app/report/drawing/pixels.h"

namespace digitorch {

struct CaptionedImage {
  PixelPicture picture;
  std::vector<std::string> lines;  ///< Below the image: "is 4", "said 9".
};

/// Draws the images in rows of `columns`.
Drawing draw_image_grid(
    const std::string& title, const std::vector<CaptionedImage>&, int columns
);

}  // namespace digitorch
