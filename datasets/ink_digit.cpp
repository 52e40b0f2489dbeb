// Which of the ink is the digit.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "datasets/ink.h"
#include "datasets/ink_levels.h"
#include "datasets/resize.h"

namespace digitorch {
namespace {

constexpr int kMapSide = 256;  // strokes are told apart in a picture this small

// Parts smaller than this part of the largest one are dirt, and so are others
// further from it than this part of its size.
constexpr double kLeastPart = 1.0 / 32;
constexpr double kNear = 0.3;

// A single noisy pixel, or two, are not a digit.
constexpr int kLeastPixels = 3;

// Of the digit's own strength: where its strokes end.
constexpr float kFaint = 0.25F;

// What touches the picture's edge is less likely the digit by this.
constexpr double kAtTheEdge = 0.2;

struct Parts {
  cv::Mat labels, facts;
  int count = 0;

  int fact(int part, int which) const { return facts.at<int>(part, which); }
  cv::Rect box(int part) const {
    return {
        fact(part, cv::CC_STAT_LEFT),
        fact(part, cv::CC_STAT_TOP),
        fact(part, cv::CC_STAT_WIDTH),
        fact(part, cv::CC_STAT_HEIGHT)};
  }
};

Parts parts_of(const cv::Mat& mask) {
  Parts parts;
  cv::Mat centroids;
  parts.count = cv::connectedComponentsWithStats(
      mask, parts.labels, parts.facts, centroids
  );
  return parts;
}

bool touches(const cv::Rect& box, const cv::Size& size) {
  return box.x == 0 || box.y == 0 || box.br().x == size.width ||
         box.br().y == size.height;
}

// How much the ink changes from each pixel to the next ones: strokes have sharp
// edges, whatever is left of shadows has not.
cv::Mat sharpness(const cv::Mat& contrast) {
  cv::Mat x, y, magnitude;
  cv::Sobel(contrast, x, CV_32F, 1, 0);
  cv::Sobel(contrast, y, CV_32F, 0, 1);
  cv::magnitude(x, y, magnitude);
  return magnitude;
}

// The part with the longest and strongest edges; 0 if there is none.
int main_part(const Parts& parts, const cv::Mat& sharpness) {
  std::vector<double> edges(parts.count);
  for (int y = 0; y < sharpness.rows; ++y)
    for (int x = 0; x < sharpness.cols; ++x)
      edges[parts.labels.at<int>(y, x)] += sharpness.at<float>(y, x);
  int best = 0;
  double most = 0;
  for (int i = 1; i < parts.count; ++i) {
    const double weight =
        touches(parts.box(i), sharpness.size()) ? kAtTheEdge : 1;
    if (edges[i] * weight <= most) continue;
    most = edges[i] * weight;
    best = i;
  }
  return best;
}

// Pixels of empty room between two boxes, along the axis where there is more.
int gap(const cv::Rect& a, const cv::Rect& b) {
  const int x = std::max(a.x, b.x) - std::min(a.br().x, b.br().x);
  const int y = std::max(a.y, b.y) - std::min(a.br().y, b.br().y);
  return std::max({x, y, 0});
}

// 255 on the parts that make the digit. What touches the picture's edge is
// beyond the sheet, or a shadow, unless the digit does too.
cv::Mat with_near_parts(const Parts& parts, int main) {
  const cv::Rect box = parts.box(main);
  const cv::Size size = parts.labels.size();
  const bool cut = touches(box, size);
  const double reach = kNear * std::max(box.width, box.height);
  std::vector<uint8_t> keep(parts.count);
  for (int i = 1; i < parts.count; ++i)
    keep[i] = parts.fact(i, cv::CC_STAT_AREA) >=
                          kLeastPart * parts.fact(main, cv::CC_STAT_AREA) &&
                      gap(parts.box(i), box) <= reach &&
                      (cut || !touches(parts.box(i), size))
                  ? 255
                  : 0;
  cv::Mat mask(parts.labels.size(), CV_8U);
  for (int y = 0; y < mask.rows; ++y)
    for (int x = 0; x < mask.cols; ++x)
      mask.at<uint8_t>(y, x) = keep[parts.labels.at<int>(y, x)];
  return mask;
}

}  // namespace

cv::Mat digit_of(const cv::Mat& contrast) {
  const cv::Mat map = shrunk(contrast, kMapSide);
  const cv::Mat edges = sharpness(map);
  // First whatever is there, then what is strong beside the most of it.
  Parts parts = parts_of(map > 0.02);
  int main = main_part(parts, edges);
  if (main == 0) return {};
  const float strong = quantile(map, parts.labels == main, 0.9);
  parts = parts_of(map > kFaint * strong);
  main = main_part(parts, edges);
  if (main == 0) return {};

  cv::Mat mask = with_near_parts(parts, main);
  cv::dilate(mask, mask, cv::Mat());
  cv::resize(mask, mask, contrast.size(), 0, 0, cv::INTER_NEAREST);
  if (cv::countNonZero(mask & (contrast > 0)) < kLeastPixels) return {};
  const float full = quantile(contrast, mask, 0.9);
  cv::Mat digit;
  contrast.convertTo(digit, CV_8U, 255 / full);
  digit.setTo(0, mask == 0);
  return digit;
}

}  // namespace digitorch
