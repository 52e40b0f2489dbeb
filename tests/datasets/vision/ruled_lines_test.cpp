// What is taken off a page's ink as printed on it, and what is left there.
#include "datasets/vision/ruled_lines.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <vector>

namespace digitorch {
namespace {

constexpr int kDark = 230;  // of a pen's ink, 0..255
const cv::Size kSheet(600, 400);

cv::Mat nothing() { return cv::Mat::zeros(kSheet, CV_8U); }

// Rings as wide as a pen writes digits, in rows.
cv::Mat rings(int darkness = kDark) {
  cv::Mat ink = nothing();
  for (int y : {100, 220, 320})
    for (int x = 60; x < kSheet.width - 40; x += 45)
      cv::ellipse(ink, {x, y}, {14, 22}, 0, 0, 360, darkness, 5);
  return ink;
}

cv::Mat squares(int darkness, int width) {
  cv::Mat rules = nothing();
  for (int y = 15; y < kSheet.height; y += 30)
    cv::line(rules, {0, y}, {kSheet.width, y}, darkness, width);
  for (int x = 11; x < kSheet.width; x += 30)
    cv::line(rules, {x, 0}, {x, kSheet.height}, darkness, width);
  return rules;
}

// Ink on ink, as light goes through both.
cv::Mat over(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat light;
  cv::multiply(255 - a, 255 - b, light, 1.0 / 255);
  return 255 - light;
}

// Part of the pixels of `a`'s strokes that are not in `b`'s.
double missing(const cv::Mat& a, const cv::Mat& b) {
  const cv::Mat strokes = a > kDark / 2;
  return 1.0 * cv::countNonZero(strokes & ~(b > kDark / 2)) /
         cv::countNonZero(strokes);
}

TEST(ClearRuledLines, LeavesInkWithoutRulesAsItIs) {
  const cv::Mat ink = rings();
  cv::Mat cleared = ink.clone();
  EXPECT_EQ(clear_ruled_lines(cleared), 0);
  EXPECT_EQ(cv::norm(ink, cleared, cv::NORM_INF), 0);
}

TEST(ClearRuledLines, TakesFaintAndStrongSquaresOffStrokesThatStay) {
  for (const int darkness : {40, 90, 140})
    for (const int width : {1, 2, 3}) {
      const cv::Mat ink = rings();
      cv::Mat cleared = over(ink, squares(darkness, width));
      ASSERT_GT(clear_ruled_lines(cleared), 0) << darkness << " " << width;
      EXPECT_LT(missing(ink, cleared), 0.05) << darkness << " " << width;
      EXPECT_LT(missing(cleared, ink), 0.05) << darkness << " " << width;
    }
}

TEST(ClearRuledLines, MendsStrokesOverRulesAsDarkAsThey) {
  cv::Mat ink = nothing(), ruled;
  for (int x = 40; x < kSheet.width; x += 60)
    cv::line(ink, {x, 60}, {x + 8, 160}, kDark, 6);
  ruled = ink.clone();
  for (int y = 20; y < kSheet.height; y += 60)
    cv::line(ruled, {0, y}, {kSheet.width, y}, kDark, 2);
  ASSERT_GT(clear_ruled_lines(ruled), 0);
  EXPECT_LT(missing(ink, ruled), 0.03);
  EXPECT_LT(missing(ruled, ink), 0.03);
}

TEST(ClearRuledLines, FollowsRulesThatLeanAndBend) {
  const cv::Mat ink = rings();
  cv::Mat rules = nothing();
  for (int top = 30; top < kSheet.height; top += 40) {
    std::vector<cv::Point> course;
    for (int x = 0; x <= kSheet.width; x += 10) {
      const double part = x / static_cast<double>(kSheet.width) - 0.5;
      course.emplace_back(x, top + cvRound(6 * part + 10 * part * part));
    }
    cv::polylines(rules, course, false, 120, 2);
  }
  cv::Mat cleared = over(ink, rules);
  ASSERT_GT(clear_ruled_lines(cleared), 0);
  EXPECT_LT(missing(ink, cleared), 0.05);
  EXPECT_LT(missing(cleared, ink), 0.05);
}

TEST(ClearRuledLines, FollowsARuleOnWhichLargeDigitsStand) {
  const cv::Size size(160, 80);
  cv::Mat ink(size, CV_8U, cv::Scalar(0)), rule = ink.clone();
  for (const int x : {45, 110})
    cv::ellipse(ink, {x, 42}, {14, 25}, 0, 0, 360, kDark, 5);
  cv::line(rule, {0, 69}, {size.width, 69}, 110, 2);
  cv::Mat cleared = over(ink, rule);
  ASSERT_GT(clear_ruled_lines(cleared), 0);
  EXPECT_LT(missing(ink, cleared), 0.05);
  EXPECT_LT(missing(cleared, ink), 0.05);
}

TEST(ClearRuledLines, LeavesLevelStrokesThatLieInARowBesideFaintRules) {
  cv::Mat ink = nothing();
  for (int x = 40; x < kSheet.width - 40; x += 45)
    cv::line(ink, {x, 155}, {x + 32, 155}, kDark, 3);  // bars of 7s
  cv::Mat rules = nothing();
  for (int y = 20; y < kSheet.height; y += 60)
    cv::line(rules, {0, y}, {kSheet.width, y}, 60, 2);
  cv::Mat cleared = over(ink, rules);
  ASSERT_GT(clear_ruled_lines(cleared), 0);
  EXPECT_EQ(missing(ink, cleared), 0);
}

TEST(ClearRuledLines, LeavesTheFeetOfBlurredPrint) {
  // Feet of 2s, so near that a blur joins them, but for what shows of the gaps.
  cv::Mat ink = nothing();
  for (int y : {100, 160, 220, 280})
    for (int x = 40; x < kSheet.width - 60; x += 38)
      cv::line(ink, {x, y}, {x + 22, y}, kDark, 5);
  cv::GaussianBlur(ink, ink, {0, 0}, 3.5);
  const cv::Mat before = ink.clone();
  EXPECT_EQ(clear_ruled_lines(ink), 0);
  EXPECT_EQ(cv::norm(before, ink, cv::NORM_INF), 0);
}

TEST(ClearRuledLines, FromEdgeToEdgeMayBeTurned) {
  const RuledLineSearch search{
      .most_degrees = 25,
      .long_part = 0.5,
      .long_part_again = 0.4,
      .run_thinness = 3,
      .to_edges = true};
  cv::Mat ink = nothing();
  cv::line(ink, {150, 150}, {450, 150}, kDark, 5);  // the bar of a 7
  cv::Mat cleared = ink.clone();
  EXPECT_EQ(clear_ruled_lines(cleared, search), 0);
  for (const int drop : {-100, 30, 100}) {
    cleared = nothing();
    for (int y = -250; y < 650; y += 75)
      cv::line(cleared, {0, y}, {kSheet.width, y + drop}, 120, 2);
    ASSERT_GT(clear_ruled_lines(cleared, search), 3) << drop;
    // Lines that are cut off by a corner are too short to be known.
    const cv::Mat middle = cleared(cv::Rect(200, 130, 200, 140));
    EXPECT_EQ(cv::countNonZero(middle), 0) << drop;
  }
}

}  // namespace
}  // namespace digitorch
