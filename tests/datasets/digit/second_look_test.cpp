// Digits that are cropped to their ink, and pictures of few levels.
#include "datasets/digit/second_look.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "tests/support/pictures.h"

namespace digitorch {
namespace {

using testing::draw_digit;

// The digit without a pixel of paper around it.
cv::Mat cropped(const cv::Mat& digit) {
  return digit(cv::boundingRect(digit < 128)).clone();
}

// How far the best of the other looks is from what the digit looks like on
// paper: mean squared difference in grey levels, per pixel.
double best_difference(const cv::Mat& image) {
  const cv::Mat expected = preprocess(draw_digit(200)).pixels;
  double least = 255;
  for (const Sight& sight : other_looks(image)) {
    const cv::Mat found = preprocess(sight).pixels;
    least = std::min(
        least, cv::norm(found, expected) / std::sqrt(expected.total())
    );
  }
  return least;
}

TEST(OtherLooks, PutCroppedDigitsOfEitherLightOnPaper) {
  constexpr double kSameShape = 20;  // moved by a pixel across it is 15
  for (const int side : {60, 200, 600}) {
    const cv::Mat crop = cropped(draw_digit(side));
    EXPECT_LT(best_difference(crop), kSameShape) << side;
    EXPECT_LT(best_difference(255 - crop), kSameShape) << side;
  }
}

TEST(OtherLooks, SeeNothingInOneLevel) {
  EXPECT_TRUE(other_looks(cv::Mat(50, 50, CV_8U, cv::Scalar(77))).empty());
}

TEST(Preprocess, SeesPicturesThatUseAPartOfTheirRange) {
  const cv::Mat digit = draw_digit(200);
  const cv::Mat expected = preprocess(digit).pixels;
  cv::Mat in_16_bits;
  digit.convertTo(in_16_bits, CV_16U);
  EXPECT_LT(
      cv::norm(preprocess(in_16_bits).pixels, expected, cv::NORM_INF), 2
  );
  const cv::Mat mask = (digit < 128) / 255;  // 0 and 1
  const Preprocessed found = preprocess(mask);
  EXPECT_FALSE(found.blank);
  EXPECT_EQ(
      cv::norm(found.pixels, preprocess(255 * mask).pixels, cv::NORM_INF), 0
  );
}

}  // namespace
}  // namespace digitorch
