#include "datasets/vision/histogram.h"

#include <numeric>
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
  const auto total = static_cast<double>(
      std::accumulate(histogram.begin(), histogram.end(), int64_t{0})
  );
  if (total == 0) return 0;
  const size_t last = histogram.size() - 1;
  int64_t below = 0;
  size_t level = 0;
  while (level < last &&
         static_cast<double>(below += histogram[level]) <= part * total)
    ++level;
  return static_cast<int>(level);
}

cv::Mat sharpness(const cv::Mat& picture) {
  cv::Mat x, y, magnitude;
  cv::Sobel(picture, x, CV_32F, 1, 0);
  cv::Sobel(picture, y, CV_32F, 0, 1);
  cv::magnitude(x, y, magnitude);
  return magnitude;
}

}  // namespace digitorch
