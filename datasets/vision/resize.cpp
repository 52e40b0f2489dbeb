#include "datasets/vision/resize.h"

#include <algorithm>

namespace digitorch {
namespace {

double factor_to(const cv::Mat& picture, int side) {
  return static_cast<double>(side) / std::max(picture.rows, picture.cols);
}

}  // namespace

cv::Mat scaled(const cv::Mat& picture, double factor, int interpolation) {
  const cv::Size size(
      std::max(1, cvRound(picture.cols * factor)),
      std::max(1, cvRound(picture.rows * factor))
  );
  cv::Mat result;
  cv::resize(picture, result, size, 0, 0, interpolation);
  return result;
}

cv::Mat fitted(const cv::Mat& picture, int side, int enlarging) {
  const double factor = factor_to(picture, side);
  return scaled(picture, factor, factor < 1 ? cv::INTER_AREA : enlarging);
}

cv::Mat shrunk(const cv::Mat& picture, int side) {
  if (std::max(picture.rows, picture.cols) <= side) return picture;
  return scaled(picture, factor_to(picture, side));
}

}  // namespace digitorch
