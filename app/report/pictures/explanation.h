// How the answer to one picture came about, on one sheet.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/report/drawing/drawing.h"
#include "app/report/drawing/pixels.h"
#include "app/report/pictures/image_grid.h"

namespace digitorch {

struct Explanation {
  std::string title;  ///< "photo.jpg: 7 (98.20 %)"
  cv::Mat photo;      ///< uint8, grey or BGR, of any size.
  /// Of a picture of ink: uint8 of equal size, bright on black; may be empty.
  cv::Mat ink;
  PixelPicture picture;         ///< The network's input.
  std::vector<float> saliency;  ///< One for each of its pixels, >= 0.
  /// The most probable classes with their probabilities, in falling order.
  std::vector<std::pair<std::string, double>> answers;
  std::vector<CaptionedImage> nearest;  ///< Training pictures; may be empty.
};

/// Draws the photo, its ink where there is any, the network's input and the
/// saliency in one row, and below them the answers and the nearest training
/// pictures.
Drawing draw_explanation(const Explanation&);

}  // namespace digitorch
