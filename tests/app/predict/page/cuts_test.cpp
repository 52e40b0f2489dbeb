// Where components are cut apart, and what a cut costs.
#include "app/predict/page/cuts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/app/predict/page/blocks.h"

namespace digitorch::testing {
namespace {

// Rectangles so narrow that there is room for one seam between two of them.
constexpr int kNarrow = 28;

std::vector<cv::Rect> boxes_of(const std::vector<Segment>& segments) {
  std::vector<cv::Rect> boxes;
  for (const Segment& segment : segments)
    boxes.push_back(segment.component.box);
  return boxes;
}

TEST(Cut, PartsDigitsWhereTheyTouch) {
  const std::vector<Segment> segments =
      cut(touching(500, 3, kNarrow, 100), kBlockHeight);
  ASSERT_EQ(segments.size(), 3U);
  for (int i = 0; i < 3; ++i) {
    const cv::Rect& box = segments[static_cast<size_t>(i)].component.box;
    EXPECT_NEAR(box.x, 500 + (kNarrow + 1) * i, 1) << i;
    EXPECT_NEAR(box.width, kNarrow, 1) << i;
    EXPECT_EQ(box.height, 100) << i;
  }
}

TEST(Cut, FollowsTheFaintestInkBetweenBlurredDigits) {
  // Without the ink it is one block, wherever it is cut.
  const Component blurred = block(0, 0, 2 * kNarrow, 100);
  for (const int faint : {kNarrow - 6, kNarrow + 6}) {
    cv::Mat ink(blurred.mask.size(), CV_8U, cv::Scalar(200));
    ink.colRange(faint - 1, faint + 2) = 60;
    const std::vector<Segment> segments = cut(blurred, kBlockHeight, ink);
    ASSERT_EQ(segments.size(), 2U);
    EXPECT_NEAR(segments[1].component.box.x, faint, 1);
    EXPECT_NEAR(segments[1].cut, 100 * 60 / (0.7 * 200), 1);
  }
}

TEST(Cut, KeepsEveryPixelOfInkInOneSegment) {
  const Component whole = touching(7, 3, kNarrow, 100);
  cv::Mat seen = cv::Mat::zeros(whole.mask.size(), CV_32S);
  for (const Segment& segment : cut(whole, kBlockHeight)) {
    const Component& component = segment.component;
    for (int y = 0; y < component.box.height; ++y)
      for (int x = 0; x < component.box.width; ++x)
        seen.at<int>(
            y + component.box.y - whole.box.y, x + component.box.x - whole.box.x
        ) += component.mask.at<uint8_t>(y, x) == 255;
  }
  cv::Mat expected;
  whole.mask.convertTo(expected, CV_32S, 1 / 255.0);
  EXPECT_EQ(cv::norm(seen, expected, cv::NORM_INF), 0);
}

TEST(Cut, TellsTheInkOneStrokeToTheLeftAndRightOfIt) {
  const std::vector<Segment> segments =
      cut(zeros_that_share_a_wall(50), kBlockHeight);
  const auto right = std::ranges::find(segments, 50, [](const Segment& one) {
    return one.component.box.x;
  });
  ASSERT_NE(right, segments.end());
  EXPECT_NEAR(right->after.box.width, 10, 1);
  EXPECT_EQ(right->after.box.height, 100);
  EXPECT_EQ(cv::countNonZero(right->after.mask), right->after.box.area());
  EXPECT_NEAR(right->before.box.x, 40, 1);
  EXPECT_NEAR(cv::countNonZero(right->before.mask), 2 * 10 * 9, 2 * 10);
}

TEST(Cut, HasNoInkBesideTheEndsOfTheComponent) {
  const Segment first = cut(zeros_that_share_a_wall(50), kBlockHeight).front();
  EXPECT_TRUE(first.before.box.empty());
  EXPECT_TRUE(first.after.box.empty());
}

TEST(Cut, GivesTheComponentItselfWhereNothingTouches) {
  const Component solid = digit(20, 30);
  const std::vector<Segment> segments = cut(solid, kBlockHeight);
  EXPECT_EQ(boxes_of(segments), std::vector<cv::Rect>({solid.box}));
  EXPECT_EQ(segments[0].cut, 0);
}

TEST(Cut, GoesThroughInkOfUpToHalfTheHeightOfDigits) {
  EXPECT_EQ(cut(touching(0, 2, kNarrow, 100, 48), kBlockHeight).size(), 2U);
  EXPECT_EQ(cut(touching(0, 2, kNarrow, 100, 52), kBlockHeight).size(), 1U);
}

TEST(Cut, CostsOneForEachPixelOfInkAndAHundredthForEachOfPaper) {
  const std::vector<Segment> segments =
      cut(touching(0, 2, kNarrow, 100, 10), kBlockHeight);
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(segments[0].cut, 0);
  // The middle row, which is ink, counts for both halves of the seam.
  EXPECT_NEAR(segments[1].cut, 11 + 0.9, 1e-4);
}

TEST(Cut, FollowsASlantedGapForATenthOfAPixelOfInkAStep) {
  Component slanted = block(0, 0, 50, 100);
  int left_of_gap = 0;
  for (int y = 0; y < 100; ++y) {  // 12 steps to the side
    const int gap = 20 + std::clamp(y - 40, 0, 12);
    slanted.mask.at<uint8_t>(y, gap) = 0;
    left_of_gap += gap;
  }
  const std::vector<Segment> segments = cut(slanted, kBlockHeight);
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_NEAR(segments[1].cut, 101 * 0.01 + 12 * 0.1, 1e-4);
  EXPECT_EQ(cv::countNonZero(segments[0].component.mask), left_of_gap);
  EXPECT_EQ(
      cv::countNonZero(segments[1].component.mask), 49 * 100 - left_of_gap
  );
}

TEST(Cut, SegmentsGoFromLeftToRightWhateverTheirCutsCost) {
  Component component = touching(0, 3, kNarrow, 100, 20);
  component.mask.col(2 * kNarrow + 1).rowRange(0, 45) = 0;
  component.mask.col(2 * kNarrow + 1).rowRange(55, 100) = 0;
  const std::vector<Segment> segments = cut(component, kBlockHeight);
  ASSERT_EQ(segments.size(), 3U);
  EXPECT_LT(segments[0].component.box.x, segments[1].component.box.x);
  EXPECT_LT(segments[1].component.box.x, segments[2].component.box.x);
  EXPECT_GT(segments[1].cut, segments[2].cut);  // the first cut costs more
}

TEST(Cut, GoesThroughAThinStrokeRatherThanALongWayRoundIt) {
  // The way round would be 13 steps to the side and back.
  Component component = block(0, 0, 57, 100);
  component.mask(cv::Rect(15, 20, 27, 60)) = 0;
  component.mask.col(28) = 0;
  component.mask(cv::Rect(16, 35, 25, 2)) = 255;
  const std::vector<Segment> segments = cut(component, kBlockHeight);
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_NEAR(segments[1].cut, 2 + 99 * 0.01, 1e-4);
}

TEST(Cut, SeamsAreASixthOfTheHeightApartAndFromTheEnds) {
  const Component bar = block(0, 0, 100, 10);  // may be cut anywhere
  std::vector<int> ends;
  for (const cv::Rect& box : boxes_of(cut(bar, kBlockHeight)))
    ends.push_back(box.x);
  EXPECT_EQ(ends, std::vector<int>({0, 16, 32, 48, 64, 80}));
}

TEST(Cut, ChoosesTheSeamWithTheLeastInk) {
  Component component = touching(0, 2, kNarrow, 100, 10);
  component.mask.col(33).rowRange(0, 30) = 0;  // a worse gap beside it
  component.mask.col(33).rowRange(70, 100) = 0;
  const std::vector<Segment> segments = cut(component, kBlockHeight);
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_NEAR(segments[1].component.box.x, kNarrow, 1);
}

}  // namespace
}  // namespace digitorch::testing
