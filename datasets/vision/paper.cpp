#include "datasets/vision/paper.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "datasets/vision/histogram.h"
#include "datasets/vision/resize.h"

namespace digitorch {
namespace {

// Light changes slowly: the paper is looked for in a picture this small.
constexpr int kPaperSide = 256;

// Of the picture's width and height: at the edge, where paper does not surround
// them, strokes are as wide as those of a felt pen's digit that fills a
// picture.
constexpr double kNarrowAtEdge = 0.25;
constexpr int kLeastReach = 2;  // pixels: where a digit has hardly more

// Of the shorter side: windows in which there is more paper than ink, and
// mostly one light. (On pictures of training digits 0.12 and 0.33 err more
// often.)
constexpr double kMostlyPaper = 0.25;

// The standard deviation in pixels of the blur that takes the corners off the
// paper's light.
constexpr double kPaperBlur = 2;

// Grey levels of 255 that paper may differ from itself by: JPEG's ripples, the
// grain of a sheet. Fainter ink than this counts as none; on rough paper and
// smudged boards so does what is no stronger than their texture, up to a level.
constexpr int kLeastContrast = 10;
constexpr int kMostTexture = 14;
constexpr double kTextures = 2.5;
constexpr double kPaperPart = 0.75;  // of a picture is paper, at least

// Coarser noise than this, as of a scan of black and white dots, is smoothed.
constexpr double kMostNoise = 20;
constexpr int kSmoothings = 3;
constexpr double kSmoothing = 1;  // standard deviation of each, in pixels

// Noise reaches five deviations once in two million pixels.
constexpr double kNoiseDeviations = 5;

// This part of a digit's ink is no darker than full ink.
constexpr double kFullInk = 0.9;

// Added to the paper's level: a camera's black is not quite none.
constexpr double kBlack = 8;

// Every pixel raised to the lowest level at which one can walk from it to the
// picture's edge (Vincent's filling of holes, IEEE Trans. Image Processing 2,
// 1993): a dark blob becomes as light as what surrounds it.
cv::Mat without_holes(const cv::Mat& grey) {
  cv::Mat filled(grey.size(), CV_8U, cv::Scalar(255));
  cv::Mat seen(grey.size(), CV_8U, cv::Scalar(0));
  std::array<std::vector<cv::Point>, 256> open;  // by level
  const auto visit = [&](cv::Point p, int level) {
    if (seen.at<uint8_t>(p)) return;
    seen.at<uint8_t>(p) = 1;
    const int here = std::max<int>(level, grey.at<uint8_t>(p));
    filled.at<uint8_t>(p) = static_cast<uint8_t>(here);
    open[here].push_back(p);
  };
  for (int x = 0; x < grey.cols; ++x)
    for (int y : {0, grey.rows - 1}) visit({x, y}, 0);
  for (int y = 0; y < grey.rows; ++y)
    for (int x : {0, grey.cols - 1}) visit({x, y}, 0);
  const cv::Rect frame(cv::Point(), grey.size());
  for (int level = 0; level < 256; ++level)
    while (!open[level].empty()) {
      const cv::Point p = open[level].back();
      open[level].pop_back();
      for (const cv::Point step : {cv::Point(1, 0), {-1, 0}, {0, 1}, {0, -1}})
        if (frame.contains(p + step)) visit(p + step, level);
    }
  return filled;
}

// The level of the paper under dark ink.
cv::Mat paper_of(const cv::Mat& small, const InkSearch& search) {
  cv::Mat smooth;
  cv::GaussianBlur(small, smooth, {3, 3}, 0);
  // Shadows at the picture's edge and in its corners go on beyond it.
  const double narrow = search.at_edge ? kNarrowAtEdge : search.narrow;
  const int beyond = search.at_edge ? 255 : 0;
  cv::Mat paper = without_narrow(smooth, narrow, beyond);
  if (search.surrounded) paper = without_holes(paper);
  cv::GaussianBlur(paper, paper, {0, 0}, kPaperBlur);
  return paper;
}

// Whether what differs from its surroundings is mostly darker than they are;
// strokes have sharp edges, shadows soft ones.
bool is_dark_on_light(const cv::Mat& small) {
  const int side =
      cvRound(kMostlyPaper * std::min(small.rows, small.cols)) / 2 * 2 + 1;
  if (side < 3) return true;
  cv::Mat around, padded, darker, lighter;
  const int beyond = side / 2;
  cv::copyMakeBorder(
      small, padded, beyond, beyond, beyond, beyond, cv::BORDER_REPLICATE
  );
  cv::medianBlur(padded, around, side);
  around = around(cv::Rect(cv::Point(beyond, beyond), small.size()));
  cv::subtract(around, small, darker);
  cv::subtract(small, around, lighter);
  const cv::Mat edges = sharpness(small);
  for (cv::Mat* part : {&darker, &lighter}) {
    cv::threshold(*part, *part, kLeastContrast, 0, cv::THRESH_TOZERO);
    part->convertTo(*part, CV_32F);
  }
  return darker.dot(edges) >= lighter.dot(edges);
}

// Standard deviation of what changes from pixel to pixel.
double noise_of(const cv::Mat& grey) {
  std::vector<int64_t> steps(256);
  const int jump = std::max(1, grey.rows / 256);
  for (int y = 0; y < grey.rows; y += jump) {
    const uint8_t* row = grey.ptr<uint8_t>(y);
    for (int x = 1; x < grey.cols; ++x) ++steps[std::abs(row[x] - row[x - 1])];
  }
  constexpr double kDeviationOfMedian = 1.4826;  // for normal noise
  return kDeviationOfMedian * quantile(steps, 0.5) / std::sqrt(2.0);
}

// How far the paper differs from itself, in grey levels. Ink is on the lesser
// part of a picture.
double texture_of(const cv::Mat& small, const cv::Mat& paper) {
  cv::Mat difference;
  cv::absdiff(small, paper, difference);
  return kTextures * quantile(histogram(difference), kPaperPart);
}

// The picture, smoothed where its noise is coarse, and the noise left in it.
cv::Mat calmed(const cv::Mat& grey, double& noise) {
  cv::Mat calm = grey;
  noise = noise_of(calm);
  for (int i = 0; i < kSmoothings && noise > kMostNoise; ++i) {
    cv::Mat smooth;
    cv::GaussianBlur(calm, smooth, {0, 0}, kSmoothing);
    calm = smooth;
    noise = noise_of(calm);
  }
  return calm;
}

// Below which difference from the paper, in grey levels, there is no ink.
double faintest(const cv::Mat& small, const cv::Mat& paper, double noise) {
  const double texture = std::clamp<double>(
      texture_of(small, paper), kLeastContrast, kMostTexture
  );
  return std::max(texture, kNoiseDeviations * noise);
}

}  // namespace

cv::Mat without_narrow(const cv::Mat& grey, double part, int beyond) {
  const int x = std::max(kLeastReach, cvRound(part * grey.cols / 2));
  const int y = std::max(kLeastReach, cvRound(part * grey.rows / 2));
  cv::Mat closed;
  cv::copyMakeBorder(grey, closed, y, y, x, x, cv::BORDER_CONSTANT, beyond);
  cv::morphologyEx(
      closed,
      closed,
      cv::MORPH_CLOSE,
      cv::Mat::ones(2 * y + 1, 2 * x + 1, CV_8U)
  );
  return closed(cv::Rect({x, y}, grey.size())).clone();
}

cv::Mat find_ink(const cv::Mat& picture, const InkSearch& search) {
  double noise = 0;
  const cv::Mat grey = calmed(picture, noise);
  const cv::Mat small = shrunk(grey, kPaperSide);
  const bool dark = is_dark_on_light(small) != search.reversed;
  cv::Mat paper =
      dark ? paper_of(small, search) : 255 - paper_of(255 - small, search);
  const double floor = faintest(small, paper, noise);
  cv::resize(paper, paper, grey.size(), 0, 0, cv::INTER_LINEAR);

  cv::Mat difference, ink;
  if (dark)
    cv::subtract(paper, grey, difference);
  else
    cv::subtract(grey, paper, difference);
  cv::threshold(difference, difference, floor, 0, cv::THRESH_TOZERO);
  if (dark) {
    cv::divide(difference, paper, ink, 255);
    return ink;
  }
  // Light ink may be many times as light as dark paper.
  paper.convertTo(paper, CV_32F, 1, kBlack);
  cv::divide(difference, paper, paper, 1, CV_32F);
  double largest = 1;
  cv::minMaxLoc(paper, nullptr, &largest);
  paper.convertTo(ink, CV_8U, 255 / std::max(1.0, largest));
  return ink;
}

int full_ink(const cv::Mat& ink, const cv::Mat& mask) {
  return std::max(1, quantile(histogram(ink, mask & ink), kFullInk));
}

}  // namespace digitorch
