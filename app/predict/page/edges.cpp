#include "app/predict/page/edges.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// What is this many times as high as wide may be an edge.
constexpr double kMinHeight = 3;

// This part of its height, in the middle, is looked at.
constexpr double kMiddle = 0.8;

// Of the lightest level in each row, the one in the middle.
double lightest(const cv::Mat& grey) {
  cv::Mat rows;
  cv::reduce(grey, rows, 1, cv::REDUCE_MAX);
  return median_of(
      std::vector<uint8_t>(rows.begin<uint8_t>(), rows.end<uint8_t>())
  );
}

// Whether there is dark ink between columns of paper on either side: it differs
// from both by at least as much as these from each other. Blurred edges of the
// ink may lie among those columns, so the lightest ones count.
bool is_stroke(const cv::Mat& grey, int beside) {
  const double left = lightest(grey.colRange(0, beside));
  const double right = lightest(grey.colRange(grey.cols - beside, grey.cols));
  const cv::Mat middle = grey.colRange(beside, grey.cols - beside);
  const double ink = 255 - lightest(255 - middle);
  return std::min(left, right) - ink >= std::abs(left - right);
}

}  // namespace

bool is_edge(const cv::Mat& grey, const cv::Rect& box) {
  if (box.height < kMinHeight * box.width) return false;
  const int beside = std::max(2, box.width);
  const int cut = cvRound((1 - kMiddle) / 2 * box.height);
  const cv::Rect around(
      box.x - beside, box.y + cut, box.width + 2 * beside, box.height - 2 * cut
  );
  if ((around & cv::Rect({}, grey.size())) != around) return false;
  const cv::Mat there = grey(around);
  return !is_stroke(there, beside) && !is_stroke(255 - there, beside);
}

}  // namespace digitorch
