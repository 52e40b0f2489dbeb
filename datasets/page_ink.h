// The first half of reading a page: any picture of one -> its ink, upright.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

struct UprightPage {
  cv::Mat ink;   ///< uint8, how dark the ink is beside its paper, 0..255.
  cv::Mat mask;  ///< uint8, 255 where there is ink, otherwise 0.
  /// From a pixel of `ink` to one of the picture given.
  cv::Matx23d to_picture;
};

/// picture: as in preprocess(); a page lighter than its ink or darker. Uneven
/// light is evened out, and a page turned by up to 15 degrees either way is
/// turned back; larger pictures are shrunk to some 6 million pixels.
UprightPage find_page_ink(const cv::Mat& picture);

/// 8 bits, one channel; what is transparent shows white paper.
cv::Mat page_in_grey(const cv::Mat& picture);

/// By how many degrees the lines of a mask (255 is ink) fall to the right,
/// -18..18; 0 where nothing shows it.
double find_skew(const cv::Mat& mask);

}  // namespace digitorch
