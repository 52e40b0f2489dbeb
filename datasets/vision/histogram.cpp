#include "datasets/vision/histogram.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace digitorch {

std::vector<int64_t> histogram(const cv::Mat& grey, const cv::Mat& mask) {
  std::vector<int64_t> levels(256);
  for (int y = 0; y < grey.rows; ++y)
    for (int x = 0; x < grey.cols; ++x)
      if (mask.empty() || mask.at<uint8_t>(y, x))
        ++levels[grey.at<uint8_t>(y, x)];
  return levels;
}

int quantile(const std::vector<int64_t>& histogram, double part) {
  int64_t total = 0;
  for (int64_t count : histogram) total += count;
  if (total == 0) return 0;
  const int last = static_cast<int>(histogram.size()) - 1;
  int64_t below = 0;
  int level = 0;
  while (level < last) {
    below += histogram[level];
    if (static_cast<double>(below) > part * static_cast<double>(total)) break;
    ++level;
  }
  return level;
}

float quantile(const cv::Mat& values, const cv::Mat& mask, double part) {
  constexpr int kSteps = 1000;
  double largest = 0;
  cv::minMaxLoc(values, nullptr, &largest, nullptr, nullptr, mask);
  if (largest <= 0) return 0;
  std::vector<int64_t> histogram(kSteps + 1);
  for (int y = 0; y < values.rows; ++y)
    for (int x = 0; x < values.cols; ++x) {
      const float value = values.at<float>(y, x);
      if (value > 0 && (mask.empty() || mask.at<uint8_t>(y, x)))
        ++histogram[static_cast<std::size_t>(value / largest * kSteps + 0.5)];
    }
  return static_cast<float>(quantile(histogram, part) * largest / kSteps);
}

cv::Mat sharpness(const cv::Mat& picture) {
  cv::Mat x, y, magnitude;
  cv::Sobel(picture, x, CV_32F, 1, 0);
  cv::Sobel(picture, y, CV_32F, 0, 1);
  cv::magnitude(x, y, magnitude);
  return magnitude;
}

}  // namespace digitorch
