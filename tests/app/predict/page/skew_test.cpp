// By how much a page is turned, as its long lines or its rows of digits show
// it.
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "app/predict/page/skew.h"
#include "tests/app/predict/page/blocks.h"

namespace digitorch::testing {
namespace {

double slope(double degrees) { return std::tan(degrees * CV_PI / 180); }

// Lines across a page, that fall to the right.
cv::Mat lines_at(double degrees) {
  cv::Mat mask = cv::Mat::zeros(700, 900, CV_8U);
  for (int y = -200; y < 900; y += 90)
    cv::line(mask, {0, y}, {899, cvRound(y + 899 * slope(degrees))}, 255, 3);
  return mask;
}

// A row of digits that falls to the right, with centres 80 pixels apart.
std::vector<Component> row_at(double degrees, int count, int y = 0) {
  std::vector<Component> row;
  for (int i = 0; i < count; ++i)
    row.push_back(digit(80 * i, cvRound(y + 80 * i * slope(degrees))));
  return row;
}

cv::Mat mask_of(const std::vector<Component>& components) {
  cv::Mat mask = cv::Mat::zeros(900, 900, CV_8U);
  for (const Component& component : components)
    mask(component.box + cv::Point(60, 250)) = 255;
  return mask;
}

std::vector<Component> operator+(
    std::vector<Component> a, const std::vector<Component>& b
) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(FindSkew, LongLinesTellItToATenthOfADegree) {
  for (const double degrees : {-15.0, -7.3, -0.4, 0.0, 2.6, 10.2, 15.0}) {
    const Skew skew = find_skew(lines_at(degrees));
    EXPECT_NEAR(skew.degrees, degrees, 0.11) << degrees;
    EXPECT_TRUE(skew.sharp) << degrees;
  }
}

TEST(FindSkew, LongLinesAreFollowedUpToEighteenDegrees) {
  EXPECT_NEAR(find_skew(lines_at(17.5)).degrees, 17.5, 0.11);
  EXPECT_NEAR(find_skew(lines_at(-17.5)).degrees, -17.5, 0.11);
  EXPECT_LE(std::abs(find_skew(lines_at(25)).degrees), 18.4);
}

TEST(FindSkew, ALargePageIsTurnedAsASmallOneIs) {
  cv::Mat large;
  cv::resize(lines_at(5), large, {}, 4, 4, cv::INTER_NEAREST);
  EXPECT_NEAR(find_skew(large).degrees, 5, 0.11);
}

TEST(FindSkew, LinesOfEachColumnCountByThemselves) {
  // Those on the right lie between those on the left.
  cv::Mat mask = cv::Mat::zeros(900, 900, CV_8U);
  for (int y = 0; y < 900; y += 30) {
    cv::line(mask, {0, y}, {200, cvRound(y + 200 * slope(6))}, 255, 3);
    cv::line(
        mask, {700, y + 7}, {899, cvRound(y + 7 + 199 * slope(6))}, 255, 3
    );
  }
  EXPECT_NEAR(find_skew(mask).degrees, 6, 0.3);
}

TEST(FindSkew, LinesAreLongIfTheirInkPartsAtOneAndAHalfDegrees) {
  const auto is_sharp = [](int length) {
    cv::Mat mask = cv::Mat::zeros(700, 900, CV_8U);
    for (int y = 50; y < 650; y += 60)
      for (int x = 30; x < 850; x += 300) mask(cv::Rect(x, y, length, 3)) = 255;
    return find_skew(mask).sharp;
  };
  EXPECT_TRUE(is_sharp(32));
  EXPECT_FALSE(is_sharp(26));
}

TEST(FindSkew, FewDigitsTellItByTheirRow) {
  const Skew skew = find_skew(mask_of(row_at(7, 8)));
  EXPECT_FALSE(skew.sharp);
  EXPECT_NEAR(skew.degrees, 7, 1);
}

TEST(FindSkew, NothingShowsNone) {
  EXPECT_EQ(find_skew(cv::Mat::zeros(300, 400, CV_8U)).degrees, 0);
  EXPECT_EQ(find_skew(cv::Mat::zeros(1, 1, CV_8U)).degrees, 0);
}

TEST(FindDigitSkew, IsThatOfTheRowsOfDigits) {
  for (const double degrees : {-12.0, -3.0, 0.0, 5.0, 10.0})
    EXPECT_NEAR(find_digit_skew(row_at(degrees, 20)), degrees, 0.3) << degrees;
}

TEST(FindDigitSkew, IsEighteenDegreesAtMost) {
  EXPECT_EQ(find_digit_skew(row_at(20, 40)), 18);
  EXPECT_EQ(find_digit_skew(row_at(-20, 40)), -18);
}

TEST(FindDigitSkew, OfAFewDigitsIsTakenToBePartlyChance) {
  // The squares of 0 and 80 about their mean are 3200, and 0.35 * 100 * 100 is
  // added to them.
  const double expected =
      std::atan(14 * 80 / 2.0 / (3200 + 3500)) * 180 / CV_PI;
  EXPECT_NEAR(find_digit_skew({digit(0, 0), digit(80, 14)}), expected, 1e-6);
}

TEST(FindDigitSkew, EachRowCountsAboutItsOwnCentre) {
  EXPECT_NEAR(find_digit_skew(row_at(4, 20) + row_at(4, 20, 700)), 4, 0.3);
}

// Of two rows of which the second is a step of (x, y) away from the first, and
// would turn the page if it went on from it.
bool is_one_row(int x, int y) {
  const double skew =
      find_digit_skew({digit(0, 0), digit(x, y), digit(0, 9000)});
  return std::abs(skew) > 0.01;
}

TEST(FindDigitSkew, ADigitBelongsToTheFirstRowThatReachesIt) {
  // The second digit would reach the third as well.
  const double expected =
      std::atan(20 * 120 / 2.0 / (120 * 120 / 2.0 + 3500)) * 180 / CV_PI;
  EXPECT_NEAR(
      find_digit_skew({digit(0, 0), digit(10, 60), digit(120, 20)}),
      expected,
      1e-6
  );
}

TEST(FindDigitSkew, ARowGoesOnForTwoAndAHalfHeights) {
  EXPECT_TRUE(is_one_row(245, 20));
  EXPECT_FALSE(is_one_row(255, 20));
}

TEST(FindDigitSkew, ARowGoesOnAFifthOfAHeightToTheRight) {
  EXPECT_TRUE(is_one_row(22, 20));
  EXPECT_FALSE(is_one_row(18, 20));
}

TEST(FindDigitSkew, ARowRisesByLittleFromDigitToDigit) {
  // A fifth of the height and three tenths of the step.
  EXPECT_TRUE(is_one_row(30, 28));
  EXPECT_FALSE(is_one_row(30, 30));
  EXPECT_TRUE(is_one_row(200, 78));
  EXPECT_FALSE(is_one_row(200, 82));
  EXPECT_TRUE(is_one_row(200, -78));
  EXPECT_FALSE(is_one_row(200, -82));
}

TEST(FindDigitSkew, OnlyDigitsCount) {
  // One component, too low, high or wide for a digit, and far off the row.
  const auto skew_with = [](int width, int height) {
    return find_digit_skew(
        digits(0, 0, 10) +
        std::vector<Component>{block(1000, 28 + 50 - height / 2, width, height)}
    );
  };
  EXPECT_GT(skew_with(60, 51), 0.1);
  EXPECT_EQ(skew_with(60, 48), 0);
  EXPECT_GT(skew_with(60, 198), 0.1);
  EXPECT_EQ(skew_with(60, 204), 0);
  EXPECT_GT(skew_with(297, 100), 0.1);
  EXPECT_EQ(skew_with(303, 100), 0);
}

}  // namespace
}  // namespace digitorch::testing
