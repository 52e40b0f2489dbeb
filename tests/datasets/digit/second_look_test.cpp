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
// paper: root of the mean squared difference in grey levels. The centre of mass
// may fall to the next pixel.
double best_difference(const cv::Mat& image) {
  const cv::Mat expected = preprocess(draw_digit(200)).pixels;
  double least = 255;
  for (const Sight& sight : other_looks(image)) {
    const cv::Mat found = preprocess(sight).pixels;
    for (int y = -1; y <= 1; ++y)
      for (int x = -1; x <= 1; ++x) {
        const cv::Mat by = (cv::Mat_<double>(2, 3) << 1, 0, x, 0, 1, y);
        cv::Mat moved;
        cv::warpAffine(found, moved, by, found.size(), cv::INTER_NEAREST);
        const double pixels = static_cast<double>(expected.total());
        least = std::min(least, cv::norm(moved, expected) / std::sqrt(pixels));
      }
  }
  return least;
}

TEST(OtherLooks, PutCroppedDigitsOfEitherLightOnPaper) {
  // Of one shape between other pixels, up to 27; what is cut out of the paper
  // or the wrong way round differs by 60 and more.
  constexpr double kSameShape = 30;
  for (const int side : {60, 200, 600}) {
    const cv::Mat crop = cropped(draw_digit(side));
    EXPECT_LT(best_difference(crop), kSameShape) << side;
    EXPECT_LT(best_difference(255 - crop), kSameShape) << side;
  }
}

// A bold zero that fills its picture, whose hole looks like a digit.
TEST(OtherLooks, SeeADigitThatFillsThePictureAndNotItsHole) {
  for (const int stroke : {40, 60}) {
    cv::Mat zero(200, 150, CV_8U, cv::Scalar(215));
    const cv::Size half(75 - stroke / 2, 100 - stroke / 2);
    cv::ellipse(zero, {75, 100}, half, 0, 0, 360, cv::Scalar(40), stroke);
    for (const cv::Mat& image : {zero, cv::Mat(255 - zero)}) {
      const std::vector<Sight> looks = other_looks(image);
      const bool seen = std::ranges::any_of(looks, [&](const Sight& sight) {
        if (sight.ink.empty()) return false;
        const cv::Point middle = cv::Point(sight.ink.size() / 2);
        const cv::Point side = middle - cv::Point(75 - stroke / 2, 0);
        return sight.ink.at<uint8_t>(side) > 200 &&
               sight.ink.at<uint8_t>(middle) < 20;
      });
      EXPECT_TRUE(seen) << stroke;
    }
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
  EXPECT_LT(cv::norm(preprocess(in_16_bits).pixels, expected, cv::NORM_INF), 2);
  const cv::Mat mask = (digit < 128) / 255;  // 0 and 1
  const Preprocessed found = preprocess(mask);
  EXPECT_FALSE(found.blank);
  EXPECT_EQ(
      cv::norm(found.pixels, preprocess(255 * mask).pixels, cv::NORM_INF), 0
  );
}

}  // namespace
}  // namespace digitorch
