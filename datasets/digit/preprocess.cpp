#include "datasets/digit/preprocess.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <vector>

#include "datasets/digit/locate.h"
#include "datasets/digit/stroke.h"
#include "datasets/vision/added_paper.h"
#include "datasets/vision/grey.h"
#include "datasets/vision/histogram.h"
#include "datasets/vision/image_side.h"
#include "datasets/vision/paper.h"
#include "datasets/vision/resize.h"

namespace digitorch {
namespace {

constexpr int kBox = 20;  // the digit's longer side within the picture

// Larger pictures are shrunk to this first, which bounds time and memory; a
// digit that fills a fifth of it still has 20 times the detail it ends with.
constexpr int kWorkingSide = 2048;

// Smaller pictures are enlarged.
constexpr int kLeastSide = 20;

// Grey levels of 255 at most, for black that a data set's files have.
constexpr int kBlackUpTo = 16;

// The border, whose level is the paper's in a small picture, is this fraction
// of the shorter side wide.
constexpr int kBorderFraction = 16;  // of the side: a sixteenth

// At most kWorkingSide on a side. `alpha` gets the transparency where there is
// any, otherwise it stays empty.
cv::Mat to_grey(const cv::Mat& image, cv::Mat& alpha) {
  const bool known_type =
      (image.depth() == CV_8U || image.depth() == CV_16U) &&
      (image.channels() == 1 || image.channels() == 3 || image.channels() == 4);
  if (image.empty() || !known_type)
    throw std::invalid_argument("preprocess: not a picture of 8 or 16 bits");
  // Where nothing is transparent, the fewer pixels are made grey the better.
  if (image.channels() < 4) return grey_on_white(shrunk(image, kWorkingSide));
  cv::extractChannel(image, alpha, 3);
  if (alpha.depth() == CV_16U) alpha.convertTo(alpha, CV_8U, 1.0 / 257);
  alpha = shrunk(alpha, kWorkingSide);
  return shrunk(grey_on_white(image), kWorkingSide);
}

// Of a picture in colour, whose grey shows nothing: what differs most in hue.
cv::Mat to_hue(const cv::Mat& image) {
  cv::Mat colour = shrunk(image, kWorkingSide), planes[3];
  if (colour.depth() == CV_16U) colour.convertTo(colour, CV_8U, 1.0 / 257);
  if (colour.channels() == 4) cv::cvtColor(colour, colour, cv::COLOR_BGRA2BGR);
  cv::cvtColor(colour, colour, cv::COLOR_BGR2Lab);
  cv::split(colour, planes);
  cv::Scalar mean, red_green, yellow_blue;
  cv::meanStdDev(planes[1], mean, red_green);
  cv::meanStdDev(planes[2], mean, yellow_blue);
  return planes[red_green[0] > yellow_blue[0] ? 1 : 2];
}

// Median level of the picture's outer sixteenth.
int border_level(const cv::Mat& grey) {
  const int width =
      std::max(1, std::min(grey.rows, grey.cols) / kBorderFraction);
  cv::Mat border(grey.size(), CV_8U, cv::Scalar(255));
  const cv::Rect inner(
      width, width, grey.cols - 2 * width, grey.rows - 2 * width
  );
  border(inner & cv::Rect({}, grey.size())) = 0;
  return quantile(histogram(grey, border), 0.5);
}

// Requires pixels above kInkEdge.
cv::Mat fit_into_box(const cv::Mat& picture) {
  const cv::Mat ink =
      with_usual_strokes(picture(cv::boundingRect(picture > kInkEdge)), kBox);
  cv::Mat digit = fitted(ink, kBox, cv::INTER_LINEAR);
  // Thin strokes fade as they shrink; every digit of MNIST reaches 254 or 255.
  cv::normalize(digit, digit, 255, 0, cv::NORM_INF);
  return digit;
}

// Where to put something `extent` long so that its centre of mass, `mass` from
// its start, falls on MNIST's: pixel 14 of 0..27, to the nearest whole pixel.
// Halves go down, which leaves a symmetric digit's margins equal.
int offset(double mass, int extent) {
  const int rounded = cvCeil(kImageSide / 2 - mass - 0.5);
  return std::clamp(rounded, 0, kImageSide - extent);
}

cv::Mat centre(const cv::Mat& fitted) {
  const cv::Moments moments = cv::moments(fitted);
  const cv::Rect place(
      offset(moments.m10 / moments.m00, fitted.cols),
      offset(moments.m01 / moments.m00, fitted.rows),
      fitted.cols,
      fitted.rows
  );
  cv::Mat pixels = cv::Mat::zeros(kImageSide, kImageSide, CV_8U);
  fitted.copyTo(pixels(place));
  return pixels;
}

// A picture of a few pixels as one of many, with some room at its edge, which
// the digits of such pictures touch.
cv::Mat enlarged(const cv::Mat& grey) {
  const int room = added_room(grey.size());
  const int paper = border_level(grey);
  cv::Mat padded;
  cv::copyMakeBorder(
      grey, padded, room, room, room, room, cv::BORDER_CONSTANT, paper
  );
  return fitted(padded, kEnlargedSide, cv::INTER_CUBIC);
}

// MNIST's pictures are 19 or 20 pixels long and centred within half a pixel;
// those of sets like Fashion-MNIST fill the frame. Both have a black border.
bool is_mnist_like(const cv::Mat& grey) {
  if (grey.rows != kImageSide || grey.cols != kImageSide) return false;
  if (border_level(grey) > kBlackUpTo) return false;
  const cv::Rect ink = cv::boundingRect(grey > kBlackUpTo);
  const int longer = std::max(ink.width, ink.height);
  if (longer >= kImageSide - 1) return true;
  const cv::Moments moments = cv::moments(grey);
  return longer >= kBox - 1 && longer <= kBox &&
         std::abs(moments.m10 / moments.m00 - kImageSide / 2) <= 1 &&
         std::abs(moments.m01 / moments.m00 - kImageSide / 2) <= 1;
}

}  // namespace

Sight look_at(const cv::Mat& given) {
  const cv::Mat image = in_full_range(given);
  cv::Mat alpha;
  Sight sight;
  sight.grey = to_grey(image, alpha);
  if (is_mnist_like(sight.grey)) {
    sight.ink = sight.grey;
    return sight;
  }
  if (std::max(sight.grey.rows, sight.grey.cols) < kLeastSide)
    for (cv::Mat* plane : {&sight.grey, &alpha})
      if (!plane->empty()) *plane = enlarged(*plane);
  sight.ink = digit_ink(sight.grey);
  // White ink on a transparent ground is lost on white; its shape is in alpha.
  if (sight.ink.empty() && !alpha.empty()) {
    sight.grey = alpha;
    sight.ink = digit_ink(alpha);
  }
  // Red on green as bright is lost in grey.
  if (sight.ink.empty() && image.channels() > 1) {
    const cv::Mat hue = to_hue(image);
    const cv::Mat ink = digit_ink(hue);
    if (!ink.empty()) sight = {hue, ink};
  }
  return sight;
}

Preprocessed preprocess(const cv::Mat& image) {
  return preprocess(look_at(image));
}

Preprocessed preprocess(const Sight& sight) {
  if (is_mnist_like(sight.grey)) return {sight.grey.clone(), false};
  return preprocess_ink(sight.ink);
}

Preprocessed preprocess_ink(const cv::Mat& ink) {
  if (ink.empty() || cv::countNonZero(ink > kInkEdge) == 0)
    return {cv::Mat::zeros(kImageSide, kImageSide, CV_8U), true};
  return {centre(fit_into_box(ink)), false};
}

}  // namespace digitorch
