// Which of the ink is the digit.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "datasets/digit/contrast.h"
#include "datasets/vision/histogram.h"
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
constexpr float kFaint = 0.25F;

// What touches the picture's edge is less likely the digit by this.
constexpr double kAtTheEdge = 0.2;

// A part that surrounds another one of this part of its size, with so much of
// its size between them everywhere, is a frame: a drawn box or ring, the edges
// of a sheet, the table it lies on.
constexpr double kLeastFramed = 0.2;
constexpr double kLeastOnTable = 0.1;  // the same where it is cut by the edge
constexpr double kFrameGap = 0.06;
constexpr double kLeastGap = 3;         // pixels
constexpr double kOpenFrameGap = 0.15;  // the same if seen on fewer sides
constexpr int kSides = 3;               // than these, of four

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

// How long and strong each part's edges are; less at the picture's edge.
std::vector<double> weigh(const Parts& parts, const cv::Mat& sharpness) {
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

// Pixels from each part to the part `from` where it is nearest to it.
std::vector<float> distances(const Parts& parts, int from) {
  cv::Mat distance;
  cv::distanceTransform(
      parts.labels != from, distance, cv::DIST_L2, cv::DIST_MASK_3
  );
  std::vector<float> nearest(
      parts.count, static_cast<float>(distance.rows + distance.cols)
  );
  for (int y = 0; y < distance.rows; ++y)
    for (int x = 0; x < distance.cols; ++x) {
      float& least = nearest[parts.labels.at<int>(y, x)];
      least = std::min(least, distance.at<float>(y, x));
    }
  return nearest;
}

// On how many of four sides one part is seen from the middle of another.
int sides_with(const Parts& parts, int part, const cv::Rect& seen_from) {
  const cv::Point from = (seen_from.tl() + seen_from.br()) / 2;
  const cv::Rect picture({}, parts.labels.size());
  int sides = 0;
  for (const cv::Point step : {cv::Point(1, 0), {-1, 0}, {0, 1}, {0, -1}})
    for (cv::Point p = from; picture.contains(p); p += step)
      if (parts.labels.at<int>(p) == part) {
        ++sides;
        break;
      }
  return sides;
}

// Whether one part is a frame around the other; distance: pixels between them.
bool surrounds(const Parts& parts, int frame, int part, float distance) {
  const cv::Rect around = parts.box(frame), inner = parts.box(part);
  const double size = longer_side(around);
  const bool cut = touches(around, parts.labels.size());
  if (frame == part || (around & inner) != inner ||
      longer_side(inner) < (cut ? kLeastOnTable : kLeastFramed) * size)
    return false;
  const bool open = sides_with(parts, frame, inner) < kSides;
  const double apart = (open && !cut ? kOpenFrameGap : kFrameGap) * size;
  return distance >= std::max(kLeastGap, apart);
}

// The heaviest part that `frame` surrounds; 0 where it is no frame.
int framed_part(
    const Parts& parts, int frame, const std::vector<double>& weights
) {
  const std::vector<float> distance = distances(parts, frame);
  int best = 0;
  for (int i = 1; i < parts.count; ++i)
    if (surrounds(parts, frame, i, distance[i]) &&
        (best == 0 || weights[i] > weights[best]))
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
cv::Mat with_near_parts(const Parts& parts, int main) {
  const cv::Rect box = parts.box(main);
  const cv::Size size = parts.labels.size();
  const bool cut = touches(box, size);
  const double reach = kNear * longer_side(box);
  const std::vector<float> distance = distances(parts, main);
  std::vector<uint8_t> keep(parts.count);
  for (int i = 1; i < parts.count; ++i)
    keep[i] = parts.fact(i, cv::CC_STAT_AREA) >=
                          kLeastPart * parts.fact(main, cv::CC_STAT_AREA) &&
                      gap(parts.box(i), box) <= reach &&
                      !surrounds(parts, i, main, distance[i]) &&
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

cv::Mat digit_mask(const cv::Mat& contrast) {
  const cv::Mat map = shrunk(contrast, kMapSide);
  const cv::Mat edges = sharpness(map);
  // First whatever is there, then what is strong beside the most of it.
  Parts parts = parts_of(map > 0.02);
  int main = main_part(weigh(parts, edges));
  if (main == 0) return {};
  const float strong = quantile(map, parts.labels == main, 0.9);
  parts = parts_of(map > kFaint * strong);
  const std::vector<double> weights = weigh(parts, edges);
  main = main_part(weights);
  if (main == 0) return {};
  while (const int framed = framed_part(parts, main, weights)) main = framed;

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
