#include "datasets/vision/grey.h"

#include <opencv2/imgproc.hpp>

namespace digitorch {

cv::Mat grey_on_white(const cv::Mat& picture) {
  cv::Mat grey = picture;
  if (picture.channels() == 3) cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  if (picture.channels() == 4) {
    cv::cvtColor(picture, grey, cv::COLOR_BGRA2GRAY);
    cv::Mat alpha, darkness;
    cv::extractChannel(picture, alpha, 3);
    // What is missing to white shows as far as the picture is opaque.
    const double opaque = picture.depth() == CV_8U ? 255 : 65535;
    cv::bitwise_not(grey, darkness);
    cv::multiply(darkness, alpha, darkness, 1 / opaque);
    cv::bitwise_not(darkness, grey);
  }
  if (grey.depth() == CV_16U) grey.convertTo(grey, CV_8U, 1.0 / 257);
  return grey;
}

}  // namespace digitorch
