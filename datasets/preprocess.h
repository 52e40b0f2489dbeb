// Any picture of one digit -> the picture MNIST would have made of it. The one
// place for it: image folders, classify and every later reader call this.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

struct Preprocessed {
  cv::Mat pixels;      ///< uint8 28x28, one channel, ink bright on black.
  bool blank = false;  ///< No ink was found; pixels are then all zero.
};

/// image: 1, 3 or 4 channels, 8 or 16 bits, any size from 1x1; dark ink on
/// light, light on dark, or ink on a transparent ground. A picture that already
/// is as MNIST's (28x28, one channel, bright ink on a black border) comes back
/// unchanged. The method is MNIST's own (LeCun, Cortes, Burges, "The MNIST
/// database"): ink fitted into 20x20 keeping its aspect, its centre of mass put
/// at the centre of 28x28.
Preprocessed preprocess(const cv::Mat& image);

}  // namespace digitorch
