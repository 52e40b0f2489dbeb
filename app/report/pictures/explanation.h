// Why a picture got its answer, on one sheet.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/report/drawing/drawing.h"
#include "app/report/pictures/image_grid.h"

namespace digitorch {

struct Explanation {
  std::string title;  ///< "photo.jpg: 7 (98.20 %)"
  cv::Mat photo;      ///< uint8 grey, any size.
  cv::Mat ink;        ///< The same size, ink bright on black; empty: none.
  std::vector<uint8_t> picture;  ///< 28 x 28, what the network saw.
  std::vector<float> saliency;   ///< 28 x 28, each >= 0.
  /// The likeliest classes with their probabilities, in order.
  std::vector<std::pair<std::string, double>> answers;
  std::vector<CaptionedImage> nearest;  ///< Training digits; may be empty.
};

/// The photo, its ink, the network's picture, the pixels that decided; below
/// them the answers and the nearest training digits.
Drawing draw_explanation(const Explanation&);

}  // namespace digitorch
