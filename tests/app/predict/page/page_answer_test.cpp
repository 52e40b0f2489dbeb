// Which of several readings of a page counts.
#include "app/predict/page/page_answer.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

// Says "1" of every picture, with doubt.
std::vector<Prediction> doubted(const std::vector<Preprocessed>& pictures) {
  Prediction one;
  one.classes = {{1, 0.6F}, {0, 0.4F}};
  return std::vector<Prediction>(pictures.size(), one);
}

TEST(ReadDigits, AReadingThatLeavesDigitsOutIsNoBetterThanADoubtfulOne) {
  // In a quarter of its size the page shows nothing that can be read.
  cv::Mat page(400, 600, CV_8U, cv::Scalar(255));
  for (int i = 0; i < 4; ++i)
    cv::rectangle(page, {100 + 60 * i, 180, 5, 12}, cv::Scalar(0), -1);
  const std::vector<ReadDigit> digits = read_digits(page, doubted, {"0", "1"});
  EXPECT_EQ(digits.size(), 4U);
}

}  // namespace
}  // namespace digitorch
