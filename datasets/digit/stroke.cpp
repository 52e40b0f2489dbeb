#include "datasets/digit/stroke.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "datasets/vision/morphology.h"
#include "datasets/vision/resize.h"

namespace digitorch {
namespace {

// In pixels of a digit of 20: nine tenths of MNIST's training digits are 1.7 to
// 3.7 wide, half of them 2.2 to 2.9.
constexpr double kThinnest = 2.0;
constexpr double kWidest = 3.3;

// Strokes change in a picture this much finer than the final one.
constexpr int kFiner = 8;

// A stroke is at least so many times longer than wide. Shorter things are left.
constexpr double kLeastElongation = 5;

// Grains are closed over one final pixel; where that adds more than this there
// were some.
constexpr double kGrainy = 1.15;
constexpr double kGrainBlur = 0.25;  // std of the blur before, in final pixels

// Moves every edge outwards by `by` pixels, inwards where that is negative.
cv::Mat grown(const cv::Mat& ink, double by) {
  const int reach = std::max(1, cvRound(std::abs(by)));
  const cv::Mat disc = cv::getStructuringElement(
      cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1}
  );
  cv::Mat result;
  cv::copyMakeBorder(
      ink, result, reach, reach, reach, reach, cv::BORDER_CONSTANT, 0
  );
  if (by > 0)
    cv::dilate(result, result, disc);
  else
    cv::erode(result, result, disc);
  return result;
}

// Chalk and dry pens leave grains of a stroke: where a small closing adds much,
// it stands for the stroke.
cv::Mat without_grain(const cv::Mat& fine) {
  cv::Mat padded, closed;
  const int reach = kFiner;
  cv::copyMakeBorder(
      fine, padded, reach, reach, reach, reach, cv::BORDER_CONSTANT, 0
  );
  // Not GaussianBlur(), whose exact arithmetic on bytes takes four times as
  // long.
  constexpr double std = kGrainBlur * kFiner;
  const cv::Mat weights =
      cv::getGaussianKernel(2 * cvCeil(3 * std) + 1, std, CV_32F);
  cv::sepFilter2D(padded, closed, -1, weights, weights);
  const cv::Mat disc =
      cv::getStructuringElement(cv::MORPH_ELLIPSE, {reach + 1, reach + 1});
  cv::morphologyEx(closed, closed, cv::MORPH_CLOSE, disc);
  closed = closed(cv::Rect(reach, reach, fine.cols, fine.rows));
  const double added = cv::countNonZero(closed > 127);
  return added > kGrainy * cv::countNonZero(fine > 127) ? closed.clone() : fine;
}

}  // namespace

cv::Mat with_usual_strokes(const cv::Mat& ink, int box) {
  const cv::Mat enlarged = fitted(ink, box * kFiner, cv::INTER_CUBIC);
  const cv::Mat fine = without_grain(enlarged);
  const double width = stroke_width(fine);
  if (width == 0) return ink;
  const double usual = std::clamp(width, kThinnest * kFiner, kWidest * kFiner);
  const cv::Mat& unchanged = fine.data == enlarged.data ? ink : fine;
  if (std::abs(usual - width) < 1) return unchanged;
  const double length = cv::countNonZero(fine > 127) / width;
  if (length < kLeastElongation * width) return unchanged;
  const cv::Mat changed = grown(fine, (usual - width) / 2);
  const cv::Rect rest = cv::boundingRect(changed > 127);
  return rest.empty() ? unchanged : changed(rest);
}

}  // namespace digitorch
