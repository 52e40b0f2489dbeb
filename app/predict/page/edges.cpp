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

// At least so many pixels on either side are looked at.
constexpr int kBeside = 2;

// Of the lightest level in each row, the one in the middle.
double lightest(const cv::Mat& grey) {
  cv::Mat rows;
  cv::reduce(grey, rows, 1, cv::REDUCE_MAX);
  return median_of(
      std::vector<uint8_t>(rows.begin<uint8_t>(), rows.end<uint8_t>())
  );
}

// Whether there is dark ink in those columns, with paper on either side: it
// differs from both by at least as much as these from each other. Blurred edges
// of the ink may lie among those columns, so the lightest ones count.
bool is_stroke(const cv::Mat& grey, const cv::Range& columns) {
  const double left = lightest(grey.colRange(0, columns.start));
  const double right = lightest(grey.colRange(columns.end, grey.cols));
  const cv::Mat middle = grey.colRange(columns);
  const double ink = 255 - lightest(255 - middle);
  return std::min(left, right) - ink >= std::abs(left - right);
}

}  // namespace

bool is_edge(const cv::Mat& grey, const cv::Rect& box) {
  if (box.height < kMinHeight * box.width) return false;
  const int beside = std::max(kBeside, box.width);
  const cv::Rect wanted(
      box.x - beside, box.y, box.width + 2 * beside, box.height
  );
  const cv::Rect around = wanted & cv::Rect({}, grey.size());
  const cv::Range columns(box.x - around.x, box.br().x - around.x);
  if (columns.start < kBeside || around.width - columns.end < kBeside ||
      around.height == 0)
    return false;
  const cv::Mat there = grey(around);
  return !is_stroke(there, columns) && !is_stroke(255 - there, columns);
}

}  // namespace digitorch
