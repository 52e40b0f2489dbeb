#include "datasets/vision/morphology.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

// Lines from the top left to the bottom right corner of 60 x 60 pixels, so many
// above each other and a pixel shorter each, and a block that no line meets.
cv::Mat lines_and_block(int lines) {
  cv::Mat mask = cv::Mat::zeros(60, 60, CV_8U);
  for (int i = 0; i < lines; ++i)
    cv::line(mask, {4 * i, 0}, {59, 59 - 4 * i}, 255);
  mask(cv::Rect(2, 50, 5, 5)) = 255;
  return mask;
}

TEST(Labels, AllAreWorthTheirMasksWhileTheyCoverThePictureFourTimes) {
  const Labels four = labelled(lines_and_block(4));  // 60², 56², 52² and 48²
  EXPECT_EQ(four.bounded(), (std::vector<int>{1, 2, 3, 4, 5}));
}

TEST(Labels, TheLargestAreLeftOutWhereTheyCoverItMoreOften) {
  const Labels many = labelled(lines_and_block(9));
  const std::vector<int> kept = many.bounded();
  int area = 0;
  for (const int i : kept) area += many.box(i).area();
  EXPECT_LE(area, 4 * 60 * 60);
  EXPECT_EQ(kept.size(), 8U);              // but for the two longest lines
  EXPECT_EQ(kept.back(), many.count - 1);  // the block
}

}  // namespace
}  // namespace digitorch
