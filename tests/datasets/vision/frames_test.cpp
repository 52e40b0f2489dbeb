// What is drawn around something, and boxes that are taken off.
#include "datasets/vision/frames.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

const cv::Rect kMiddle(40, 30, 20, 40);  // of a mask of 100 x 100

cv::Mat box_mask() {
  cv::Mat mask = cv::Mat::zeros(100, 100, CV_8U);
  cv::rectangle(mask, cv::Rect(0, 0, 100, 100), 255, 3);
  return mask;
}

TEST(IsFrameAround, BoxesAndRings) {
  cv::Mat ring = cv::Mat::zeros(100, 100, CV_8U);
  cv::circle(ring, {50, 50}, 48, 255, 3);
  EXPECT_TRUE(is_frame_around(box_mask(), kMiddle));
  EXPECT_TRUE(is_frame_around(ring, kMiddle));
}

TEST(IsFrameAround, NotWhatIsSmallOrFillsIt) {
  EXPECT_FALSE(is_frame_around(box_mask(), {45, 40, 10, 20}));
  EXPECT_TRUE(is_frame_around(box_mask(), {45, 40, 10, 20}, {.min_size = 0.2}));
  EXPECT_FALSE(is_frame_around(box_mask(), {5, 5, 90, 90}));
}

TEST(IsFrameAround, NotWithoutRoom) {
  const cv::Rect near_left(4, 30, 20, 40);
  EXPECT_TRUE(is_frame_around(box_mask(), near_left));
  EXPECT_FALSE(is_frame_around(box_mask(), near_left, {.min_gap = 0.06}));
}

TEST(IsFrameAround, HollowOnesHaveNoInkInTheirMiddle) {
  cv::Mat mask = box_mask();
  mask(cv::Rect(30, 72, 40, 2)) = 255;
  const cv::Rect above(40, 10, 20, 40);
  EXPECT_FALSE(is_frame_around(mask, above));
  EXPECT_TRUE(is_frame_around(mask, above, {.hollow = false}));
}

TEST(ClearFrames, LeavesStrokesThatCrossASide) {
  cv::Mat mask = cv::Mat::zeros(140, 140, CV_8U);
  cv::line(mask, {70, 60}, {70, 139}, 255, 7);
  const cv::Mat stroke = mask.clone();
  cv::rectangle(mask, cv::Rect(20, 20, 100, 100), 255, 2);
  clear_frames(mask);
  // Where it crosses the side, what is left of that is as thick as the side.
  EXPECT_LE(cv::countNonZero(mask & ~stroke), 40);
  EXPECT_LE(cv::countNonZero(stroke & ~mask), 20);
}

}  // namespace
}  // namespace digitorch
