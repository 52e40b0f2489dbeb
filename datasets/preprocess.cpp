#include "datasets/preprocess.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <vector>

namespace digitorch {
namespace {

constexpr int kSide = kPictureSide;
constexpr int kBox = 20;  // the digit's longer side within kSide

// Larger pictures are shrunk to this first, which bounds time and memory; a
// digit that fills a fifth of it still has 20 times the detail it ends with.
constexpr int kWorkingSide = 2048;

// Grey levels of 255 that paper may differ from itself by: a sheet under even
// light, JPEG's ripples. Fainter ink than this counts as none.
constexpr int kLeastContrast = 16;

// Noise reaches five deviations once in two million pixels.
constexpr double kNoiseDeviations = 5;

// Where a soft edge ends, of 255: the level at which MNIST's own digits,
// enlarged with different filters, come back most alike.
constexpr int kEdge = 64;

// Strokes smaller than this part of the largest one are dirt.
constexpr double kLeastStroke = 1.0 / 32;

// A single noisy pixel, or two, are not a digit.
constexpr int kLeastPixels = 3;

struct Paper {
  int level;      // grey value
  double spread;  // standard deviation
};

// Grey on white, 8 bits, one channel, at most kWorkingSide on a side. `alpha`
// gets the transparency where there is any, otherwise it stays empty.
cv::Mat to_grey(const cv::Mat& image, cv::Mat& alpha) {
  const bool known_type =
      (image.depth() == CV_8U || image.depth() == CV_16U) &&
      (image.channels() == 1 || image.channels() == 3 || image.channels() == 4);
  if (image.empty() || !known_type)
    throw std::invalid_argument("preprocess: not a picture of 8 or 16 bits");
  cv::Mat grey = image;
  if (image.channels() == 3) cv::cvtColor(image, grey, cv::COLOR_BGR2GRAY);
  if (image.channels() == 4) {
    cv::cvtColor(image, grey, cv::COLOR_BGRA2GRAY);
    cv::extractChannel(image, alpha, 3);
    // What is missing to white shows as far as the picture is opaque.
    const double opaque = image.depth() == CV_8U ? 255 : 65535;
    cv::Mat darkness;
    cv::bitwise_not(grey, darkness);
    cv::multiply(darkness, alpha, darkness, 1 / opaque);
    cv::bitwise_not(darkness, grey);
  }
  for (cv::Mat* plane : {&grey, &alpha}) {
    if (plane->depth() == CV_16U) plane->convertTo(*plane, CV_8U, 1.0 / 257);
    const int longer = std::max(plane->rows, plane->cols);
    if (longer <= kWorkingSide) continue;
    const double factor = static_cast<double>(kWorkingSide) / longer;
    const cv::Size size(
        std::max(1, cvRound(plane->cols * factor)),
        std::max(1, cvRound(plane->rows * factor))
    );
    cv::resize(*plane, *plane, size, 0, 0, cv::INTER_AREA);
  }
  return grey;
}

// Level that `part` of the histogram's counts do not exceed.
int quantile(const std::vector<int64_t>& histogram, double part) {
  int64_t total = 0;
  for (int64_t count : histogram) total += count;
  int64_t below = 0;
  int level = 0;
  while (level < 255) {
    below += histogram[level];
    if (static_cast<double>(below) > part * static_cast<double>(total)) break;
    ++level;
  }
  return level;
}

void count_levels(const cv::Mat& grey, std::vector<int64_t>& histogram) {
  for (int y = 0; y < grey.rows; ++y)
    for (int x = 0; x < grey.cols; ++x) ++histogram[grey.at<uint8_t>(y, x)];
}

// A digit leaves most of the picture's border free, so the border shows the
// paper. Medians hold while less than half of it is ink.
Paper find_paper(const cv::Mat& grey) {
  const int width = std::max(1, std::min(grey.rows, grey.cols) / 16);
  const cv::Rect top(0, 0, grey.cols, width);
  const cv::Rect left(0, 0, width, grey.rows);
  std::vector<int64_t> levels(256);
  count_levels(grey(top), levels);
  count_levels(grey(top + cv::Point(0, grey.rows - width)), levels);
  count_levels(grey(left), levels);
  count_levels(grey(left + cv::Point(grey.cols - width, 0)), levels);
  const int level = quantile(levels, 0.5);

  std::vector<int64_t> distances(256);
  for (int i = 0; i < 256; ++i) distances[std::abs(i - level)] += levels[i];
  constexpr double kDeviationOfMedian = 1.4826;  // for normal noise
  return {level, kDeviationOfMedian * quantile(distances, 0.5)};
}

// How far each level is from the paper on one side of it, scaled so that
// most of the ink is 255; levels within `floor` of the paper are 0. Returns how
// much ink there is in all, in grey levels, and fills `table`.
double ink_table(
    const std::vector<int64_t>& levels,
    int paper,
    int floor,
    bool dark,
    cv::Mat& table
) {
  std::vector<int64_t> strengths(256);
  auto strength = [&](int level) {
    return dark ? paper - level : level - paper;
  };
  double sum = 0;
  for (int level = 0; level < 256; ++level) {
    if (strength(level) <= floor) continue;
    strengths[strength(level)] += levels[level];
    sum += static_cast<double>(levels[level]) * strength(level);
  }
  const double full = quantile(strengths, 0.9);
  table.create(1, 256, CV_8U);
  for (int level = 0; level < 256; ++level)
    table.at<uint8_t>(level) =
        strength(level) <= floor
            ? 0
            : cv::saturate_cast<uint8_t>(255 * strength(level) / full);
  return sum;
}

// Without strokes that are dirt beside the largest. Empty where nothing is
// large enough to be a digit.
cv::Mat without_dirt(const cv::Mat& ink) {
  cv::Mat labels, facts, centroids;
  const int count =
      cv::connectedComponentsWithStats(ink > 0, labels, facts, centroids);
  int largest = 0;
  for (int i = 1; i < count; ++i)
    largest = std::max(largest, facts.at<int>(i, cv::CC_STAT_AREA));
  if (largest < kLeastPixels) return {};

  cv::Mat clean = ink.clone();
  for (int y = 0; y < ink.rows; ++y)
    for (int x = 0; x < ink.cols; ++x) {
      const int area = facts.at<int>(labels.at<int>(y, x), cv::CC_STAT_AREA);
      if (area < kLeastStroke * largest) clean.at<uint8_t>(y, x) = 0;
    }
  // The strongest thing there was may have been dirt.
  cv::normalize(clean, clean, 255, 0, cv::NORM_INF);
  return clean;
}

// Ink bright on black, whichever way round it was; empty if there is none.
cv::Mat find_ink(const cv::Mat& grey) {
  const Paper paper = find_paper(grey);
  const int floor = std::max(
      kLeastContrast,
      static_cast<int>(std::ceil(kNoiseDeviations * paper.spread))
  );
  std::vector<int64_t> levels(256);
  count_levels(grey, levels);
  cv::Mat dark, light;
  const double dark_sum = ink_table(levels, paper.level, floor, true, dark);
  const double light_sum = ink_table(levels, paper.level, floor, false, light);
  if (dark_sum == 0 && light_sum == 0) return {};
  cv::Mat ink;
  cv::LUT(grey, dark_sum >= light_sum ? dark : light, ink);
  return without_dirt(ink);
}

// Requires pixels above kEdge, which every result of find_ink has.
cv::Mat fit_into_box(const cv::Mat& picture) {
  const cv::Mat ink = picture(cv::boundingRect(picture > kEdge));
  const double factor =
      static_cast<double>(kBox) / std::max(ink.rows, ink.cols);
  const cv::Size size(
      std::max(1, cvRound(ink.cols * factor)),
      std::max(1, cvRound(ink.rows * factor))
  );
  cv::Mat fitted;
  cv::resize(
      ink, fitted, size, 0, 0, factor < 1 ? cv::INTER_AREA : cv::INTER_LINEAR
  );
  // Thin strokes fade as they shrink; every digit of MNIST reaches 254 or 255.
  cv::normalize(fitted, fitted, 255, 0, cv::NORM_INF);
  return fitted;
}

// Where to put something `extent` long so that its centre of mass, `mass` from
// its start, falls on MNIST's: pixel 14 of 0..27, to the nearest whole pixel.
// Halves go down, which leaves a symmetric digit's margins equal.
int offset(double mass, int extent) {
  const int rounded = cvCeil(kSide / 2 - mass - 0.5);
  return std::clamp(rounded, 0, kSide - extent);
}

cv::Mat centre(const cv::Mat& fitted) {
  const cv::Moments moments = cv::moments(fitted);
  const cv::Rect place(
      offset(moments.m10 / moments.m00, fitted.cols),
      offset(moments.m01 / moments.m00, fitted.rows),
      fitted.cols,
      fitted.rows
  );
  cv::Mat pixels = cv::Mat::zeros(kSide, kSide, CV_8U);
  fitted.copyTo(pixels(place));
  return pixels;
}

// MNIST's pictures are 19 or 20 pixels long and centred within half a pixel;
// those of sets like Fashion-MNIST fill the frame. Both have a black border.
bool is_mnist_like(const cv::Mat& grey) {
  if (grey.rows != kSide || grey.cols != kSide) return false;
  if (find_paper(grey).level > kLeastContrast) return false;
  const cv::Rect ink = cv::boundingRect(grey > kLeastContrast);
  const int longer = std::max(ink.width, ink.height);
  if (longer >= kSide - 1) return true;
  const cv::Moments moments = cv::moments(grey);
  return longer >= kBox - 1 && longer <= kBox &&
         std::abs(moments.m10 / moments.m00 - kSide / 2) <= 1 &&
         std::abs(moments.m01 / moments.m00 - kSide / 2) <= 1;
}

}  // namespace

Preprocessed preprocess(const cv::Mat& image) {
  cv::Mat alpha;
  const cv::Mat grey = to_grey(image, alpha);
  if (is_mnist_like(grey)) return {grey.clone(), false};

  cv::Mat ink = find_ink(grey);
  // White ink on a transparent ground is lost on white; its shape is in alpha.
  if (ink.empty() && !alpha.empty()) ink = find_ink(alpha);
  if (ink.empty()) return {cv::Mat::zeros(kSide, kSide, CV_8U), true};
  return {centre(fit_into_box(ink)), false};
}

}  // namespace digitorch
