#include "datasets/vision/morphology.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

// How often the boxes of components may cover a picture: frames around frames
// around digits do three times.
constexpr int kMostCover = 4;

}  // namespace

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

cv::Mat eroded(const cv::Mat& mask, int reach) {
  cv::Mat inside;
  cv::erode(
      mask,
      inside,
      cv::Mat::ones(2 * reach + 1, 2 * reach + 1, CV_8U),
      {-1, -1},
      1,
      cv::BORDER_CONSTANT,
      cv::Scalar(0)
  );
  return inside;
}

cv::Rect Labels::box(int i) const {
  return {
      facts.at<int>(i, cv::CC_STAT_LEFT),
      facts.at<int>(i, cv::CC_STAT_TOP),
      facts.at<int>(i, cv::CC_STAT_WIDTH),
      facts.at<int>(i, cv::CC_STAT_HEIGHT)};
}

int Labels::area(int i) const { return facts.at<int>(i, cv::CC_STAT_AREA); }

cv::Mat Labels::mask(int i) const { return labels(box(i)) == i; }

std::vector<int> Labels::bounded() const {
  std::vector<int> all(static_cast<std::size_t>(std::max(count - 1, 0)));
  std::iota(all.begin(), all.end(), 1);
  const auto area_of = [&](int i) -> int64_t { return box(i).area(); };
  const int64_t most = kMostCover * static_cast<int64_t>(labels.total());
  int64_t covered = 0;
  for (const int i : all) covered += area_of(i);
  if (covered <= most) return all;
  std::ranges::stable_sort(all, std::greater<>(), area_of);
  std::size_t left_out = 0;
  while (covered > most) covered -= area_of(all[left_out++]);
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(left_out));
  std::ranges::sort(all);
  return all;
}

Labels labelled(const cv::Mat& mask, int connectivity) {
  Labels found;
  cv::Mat centres;
  found.count = cv::connectedComponentsWithStats(
      mask, found.labels, found.facts, centres, connectivity
  );
  return found;
}

double stroke_width(const cv::Mat& ink) {
  cv::Mat padded, depth;
  cv::copyMakeBorder(ink > 127, padded, 1, 1, 1, 1, cv::BORDER_CONSTANT, 0);
  if (cv::countNonZero(padded) == 0) return 0;
  cv::distanceTransform(padded, depth, cv::DIST_L2, cv::DIST_MASK_5);
  // Across a stroke the distance to the edge rises evenly from 0 to half the
  // width, so its mean is a quarter of that; what is measured is half a pixel
  // more, to the centre of the first pixel beyond the edge.
  return 4 * (cv::mean(depth, padded)[0] - 0.5);
}

void clear_horizontal(cv::Mat& mask, const cv::Mat& line, int thickness) {
  cv::Mat band;
  cv::dilate(line, band, vertical_kernel(2 * (thickness / 2 + 1) + 1));
  const cv::Mat strokes = opened(mask, vertical_kernel(2 * thickness + 2));
  mask.setTo(0, band & ~strokes);
}

}  // namespace digitorch
