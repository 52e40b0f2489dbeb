// Points, commas and minus signs between blocks as large as digits. Distances
// are per cent of the height of digits.
#include "app/predict/page/signs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/app/predict/page/blocks.h"

namespace digitorch::testing {
namespace {

// Two lines of three digits each, the lower one 500 below the upper one.
struct Written {
  Written() {
    for (const int y : {100, 600}) {
      DigitLine& line = lines.emplace_back();
      for (const Component& component : digits(100, y, 3)) {
        mask(component.box) = 255;
        line.push_back({component, {}});
      }
    }
  }

  // The sign after each digit of the upper line, a space for none.
  std::string signs() const {
    std::string text;
    const std::vector<std::vector<char>> signs =
        find_signs(labelled(mask), lines);
    for (const char sign : signs.front()) text += sign == 0 ? ' ' : sign;
    return text;
  }

  cv::Mat mask = cv::Mat::zeros(1000, 600, CV_8U);
  std::vector<DigitLine> lines;
};

// Digits reach from y = 100 to 200; the first gap from x = 160 to 200.
std::string signs_with(const std::vector<cv::Rect>& ink) {
  Written page;
  for (const cv::Rect& box : ink) page.mask(box) = 255;
  return page.signs();
}

TEST(FindSigns, NothingBetweenDigitsIsNone) {
  EXPECT_EQ(signs_with({}), "   ");
}

TEST(FindSigns, APointStandsAtTheFeetOfTheDigits) {
  EXPECT_EQ(signs_with({{175, 186, 12, 14}}), ".  ");
  EXPECT_EQ(signs_with({{275, 186, 12, 14}}), " . ");
  EXPECT_EQ(signs_with({{175, 140, 12, 14}}), "   ");
  EXPECT_EQ(signs_with({{175, 196, 4, 4}}), "   ");
}

TEST(FindSigns, ACommaReachesBelowThem) {
  EXPECT_EQ(signs_with({{175, 186, 10, 34}}), ",  ");
  // A written one may be half as high as a digit.
  EXPECT_EQ(signs_with({{175, 170, 20, 50}}), ",  ");
}

TEST(FindSigns, AMinusSignLiesInTheMiddle) {
  EXPECT_EQ(signs_with({{165, 146, 30, 8}}), "-  ");
  EXPECT_EQ(signs_with({{165, 190, 30, 8}}), "   ");
}

TEST(FindSigns, TwoInOneGapAreNone) {
  EXPECT_EQ(signs_with({{165, 146, 30, 8}, {175, 186, 12, 14}}), "   ");
}

TEST(FindSigns, PointsAmongSpecksAreSpecks) {
  const cv::Rect point(175, 186, 12, 14), comma(275, 186, 10, 34);
  std::vector<cv::Rect> ink{point, comma};
  for (int x = 20; x < 500; x += 100) ink.emplace_back(x, 400, 12, 12);
  EXPECT_EQ(signs_with(ink), " , ");
}

// With ink that was taken for a part of the digit before it.
std::string signs_with_joined(const cv::Rect& ink) {
  Written page;
  Component& first = page.lines[0][0].component;
  first = joined(first, block(ink.x, ink.y, ink.width, ink.height));
  page.mask(ink) = 255;
  return page.signs();
}

TEST(FindSigns, APointMayHaveBeenTakenForAPartOfADigit) {
  EXPECT_EQ(signs_with_joined({175, 186, 12, 14}), ".  ");
}

TEST(FindSigns, ABarThatIsPartOfADigitIsNoSign) {
  EXPECT_EQ(signs_with_joined({165, 146, 30, 8}), "   ");
}

}  // namespace
}  // namespace digitorch::testing
