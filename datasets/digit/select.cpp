#include "datasets/digit/select.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "datasets/vision/frames.h"
#include "datasets/vision/histogram.h"
#include "datasets/vision/morphology.h"
#include "datasets/vision/paper.h"
#include "datasets/vision/resize.h"

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
constexpr double kFaint = 0.25;

// What touches the picture's edge is less likely the digit by this.
constexpr double kAtTheEdge = 0.2;

// A part that surrounds another one of this part of its size, with so much of
// its size between them everywhere, is a frame: a drawn box or ring, the edges
// of a sheet, the table it lies on.
constexpr double kMinFramed = 0.2;
constexpr double kFrameGap = 0.08;

bool touches(const cv::Rect& box, const cv::Size& size) {
  return box.x == 0 || box.y == 0 || box.br().x == size.width ||
         box.br().y == size.height;
}

// How long and strong each part's edges are; less at the picture's edge.
std::vector<double> weigh(const Labels& parts, const cv::Mat& sharpness) {
  std::vector<double> weights(parts.count);
  for (int y = 0; y < sharpness.rows; ++y)
    for (int x = 0; x < sharpness.cols; ++x)
      weights[parts.labels.at<int>(y, x)] += sharpness.at<float>(y, x);
  weights[0] = 0;  // what is no part
  for (int i = 1; i < parts.count; ++i)
    if (touches(parts.box(i), sharpness.size())) weights[i] *= kAtTheEdge;
  return weights;
}

// The heaviest part; 0 if there is none.
int main_part(const std::vector<double>& weights) {
  return static_cast<int>(
      std::max_element(weights.begin(), weights.end()) - weights.begin()
  );
}

int longer_side(const cv::Rect& box) { return std::max(box.width, box.height); }

// Whether one part is a frame around the other.
bool surrounds(const Labels& parts, int frame, int part) {
  const cv::Rect around = parts.box(frame), inner = parts.box(part);
  return frame != part && (around & inner) == inner &&
         is_frame_around(
             parts.mask(frame),
             inner - around.tl(),
             {.min_size = kMinFramed, .min_gap = kFrameGap, .hollow = false}
         );
}

// The heaviest part that `frame` surrounds; 0 where it is no frame.
int framed_part(
    const Labels& parts, int frame, const std::vector<double>& weights
) {
  int best = 0;
  for (int i = 1; i < parts.count; ++i)
    if (surrounds(parts, frame, i) && (best == 0 || weights[i] > weights[best]))
      best = i;
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
cv::Mat with_near_parts(const Labels& parts, int main) {
  const cv::Rect box = parts.box(main);
  const cv::Size size = parts.labels.size();
  const bool cut = touches(box, size);
  const double reach = kNear * longer_side(box);
  std::vector<uint8_t> keep(parts.count);
  for (int i = 1; i < parts.count; ++i)
    keep[i] = parts.area(i) >= kLeastPart * parts.area(main) &&
                      gap(parts.box(i), box) <= reach &&
                      !surrounds(parts, i, main) &&
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

cv::Mat select_digit(const cv::Mat& ink) {
  const cv::Mat map = shrunk(ink, kMapSide);
  const cv::Mat edges = sharpness(map);
  // First whatever is there, then what is strong beside the most of it.
  Labels parts = labelled(map > 0);
  int main = main_part(weigh(parts, edges));
  if (main == 0) return {};
  parts = labelled(map > kFaint * full_ink(map, parts.labels == main));
  const std::vector<double> weights = weigh(parts, edges);
  main = main_part(weights);
  if (main == 0) return {};
  while (const int framed = framed_part(parts, main, weights)) main = framed;

  cv::Mat mask = with_near_parts(parts, main);
  cv::dilate(mask, mask, cv::Mat());
  cv::resize(mask, mask, ink.size(), 0, 0, cv::INTER_NEAREST);
  if (cv::countNonZero(mask & ink) < kLeastPixels) return {};
  cv::Mat digit;
  ink.convertTo(digit, CV_8U, 255.0 / full_ink(ink, mask));
  digit.setTo(0, ~mask);
  return digit;
}

}  // namespace digitorch
