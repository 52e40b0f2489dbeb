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

// Sure of a "7" in what is high for its width, and of a "1" in the rest.
std::vector<Prediction> sure(const std::vector<Preprocessed>& pictures) {
  std::vector<Prediction> answers;
  for (const Preprocessed& picture : pictures) {
    const cv::Rect ink = cv::boundingRect(picture.pixels);
    const bool high = ink.height > 4 * ink.width;
    answers.push_back({.classes = {{high ? 1 : 0, 0.99F}}});
  }
  return answers;
}

TEST(ReadDigits, OnesAreNoReasonToLeaveSegmentsApart) {
  // The halves of a display's digit, of two segments each. A large page is
  // looked at again in fewer pixels.
  for (const int times : {1, 10}) {
    cv::Mat page(200 * times, 300 * times, CV_8U, cv::Scalar(255));
    for (const int top : {50, 98})
      cv::rectangle(
          page,
          {140 * times, top * times, 14 * times, 42 * times},
          cv::Scalar(0),
          -1
      );
    const std::vector<ReadDigit> digits = read_digits(page, sure, {"1", "7"});
    ASSERT_EQ(digits.size(), 1U) << times;
    EXPECT_EQ(digits[0].label, "7");
    EXPECT_NEAR(digits[0].box.x, 140 * times, 4 * times);
    EXPECT_NEAR(digits[0].box.y, 50 * times, 4 * times);
    EXPECT_NEAR(digits[0].box.height, 90 * times, 6 * times);
  }
}

// Sure of a "7" in what is high for its width, and that the rest is no digit.
std::vector<Prediction> sure_of_high_ones(
    const std::vector<Preprocessed>& pictures
) {
  std::vector<Prediction> answers = sure(pictures);
  for (Prediction& answer : answers)
    if (answer.label() == 0)
      answer = {.classes = {{0, 0.1F}}, .no_digit = 0.9F};
  return answers;
}

// Sure of a "1" in what is high for its width, and of nothing else.
std::vector<Prediction> sure_of_ones(const std::vector<Preprocessed>& pictures
) {
  std::vector<Prediction> answers;
  for (const Preprocessed& picture : pictures) {
    const cv::Rect ink = cv::boundingRect(picture.pixels);
    const bool high = ink.height > 4 * ink.width;
    answers.push_back({.classes = {{1, high ? 0.99F : 0.4F}}});
    answers.back().unsure = !high;
  }
  return answers;
}

TEST(ReadDigits, FindsPencilOnASheetAmongLightThings) {
  cv::Mat page(700, 900, CV_8U, cv::Scalar(40));
  for (int x = 20; x < 880; x += 100)
    cv::rectangle(page, {x, 20, 50, 50}, cv::Scalar(255), cv::FILLED);
  cv::rectangle(page, {150, 150, 600, 500}, cv::Scalar(140), cv::FILLED);
  for (int x = 220; x < 700; x += 60)  // holes, beside which pencil is faint
    cv::circle(page, {x, 180}, 15, cv::Scalar(0), cv::FILLED);
  for (int i = 0; i < 5; ++i)
    cv::line(
        page, {250 + 80 * i, 350}, {250 + 80 * i, 390}, cv::Scalar(110), 3
    );
  const std::vector<ReadDigit> digits =
      read_digits(page, sure_of_ones, {"0", "1"});
  ASSERT_EQ(digits.size(), 5U);
  for (const ReadDigit& digit : digits) EXPECT_NEAR(digit.box.y, 349, 3);
}

TEST(ReadDigits, TwoSureDigitsMayNotBeAll) {
  // The third digit lies in a spot as dark as ink, broader than any stroke.
  cv::Mat page(200, 300, CV_8U, cv::Scalar(255));
  cv::circle(page, {173, 100}, 17, cv::Scalar(120), -1);
  for (const int left : {120, 145, 170})
    cv::rectangle(page, {left, 83, 7, 34}, cv::Scalar(0), -1);
  const std::vector<ReadDigit> digits =
      read_digits(page, sure_of_high_ones, {"1", "7"});
  EXPECT_EQ(page_text(digits), "7 7 7");
}

}  // namespace
}  // namespace digitorch
