#include "datasets/vision/morphology.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace digitorch {

cv::Mat horizontal_kernel(int length) {
  return cv::Mat::ones(1, length, CV_8U);
}
cv::Mat vertical_kernel(int length) { return cv::Mat::ones(length, 1, CV_8U); }

cv::Mat opened(const cv::Mat& mask, const cv::Mat& kernel) {
  cv::Mat result;
  cv::morphologyEx(mask, result, cv::MORPH_OPEN, kernel);
  return result;
}

cv::Mat closed(const cv::Mat& mask, const cv::Mat& kernel) {
  cv::Mat result;
  cv::morphologyEx(mask, result, cv::MORPH_CLOSE, kernel);
  return result;
}

cv::Mat horizontal_runs(const cv::Mat& mask, int length) {
  cv::Mat runs = cv::Mat::zeros(mask.size(), CV_8U);
  for (int y = 0; y < mask.rows; ++y) {
    const uint8_t* from = mask.ptr<uint8_t>(y);
    uint8_t* to = runs.ptr<uint8_t>(y);
    for (int x = 0; x < mask.cols;) {
      const int start = x;
      while (x < mask.cols && from[x] != 0) ++x;
      if (x - start >= length) std::fill(to + start, to + x, uint8_t{255});
      ++x;
    }
  }
  return runs;
}

cv::Mat transposed(const cv::Mat& mask) {
  cv::Mat result;
  cv::transpose(mask, result);
  return result;
}

cv::Rect component_box(const cv::Mat& facts, int i) {
  return {
      facts.at<int>(i, cv::CC_STAT_LEFT),
      facts.at<int>(i, cv::CC_STAT_TOP),
      facts.at<int>(i, cv::CC_STAT_WIDTH),
      facts.at<int>(i, cv::CC_STAT_HEIGHT)};
}

void clear_horizontal(cv::Mat& mask, const cv::Mat& line, int thickness) {
  cv::Mat band;
  cv::dilate(line, band, vertical_kernel(2 * (thickness / 2 + 1) + 1));
  const cv::Mat strokes = opened(mask, vertical_kernel(2 * thickness + 2));
  mask.setTo(0, band & ~strokes);
}

}  // namespace digitorch
