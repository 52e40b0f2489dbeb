#include "datasets/vision/grey.h"

#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

// Two levels as near as this, of 255, would pass for a sheet's texture.
constexpr int kNear = 32;

}  // namespace

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

cv::Mat in_full_range(const cv::Mat& picture) {
  double darkest = 0, lightest = 0;
  const bool is_deep = picture.depth() == CV_16U;
  if (!is_deep && picture.type() != CV_8UC1) return picture;
  cv::minMaxLoc(picture.reshape(1), &darkest, &lightest);
  cv::Mat result = picture;
  if (is_deep) {
    double white = 255;
    while (white < lightest) white = 2 * white + 1;
    if (lightest > 0 && white < 65535)
      picture.convertTo(result, -1, 65535 / white);
  } else if (lightest > darkest && lightest - darkest <= kNear) {
    const int levels = cv::countNonZero(picture == darkest) +
                       cv::countNonZero(picture == lightest);
    if (levels == static_cast<int>(picture.total()))
      result = picture == lightest;
  }
  return result;
}

}  // namespace digitorch
