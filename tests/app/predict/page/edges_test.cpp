// Strokes and edges, which may look alike.
#include "app/predict/page/edges.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

const cv::Rect kBox(97, 50, 6, 80);

// left and right: levels on either side of the box.
cv::Mat picture(int left, int right) {
  cv::Mat grey(200, 200, CV_8U, cv::Scalar(left));
  grey.colRange(100, 200) = right;
  return grey;
}

cv::Mat with_line(cv::Mat grey, int level) {
  cv::line(grey, {100, 45}, {100, 135}, level, 5);
  cv::GaussianBlur(grey, grey, {5, 5}, 0);
  return grey;
}

TEST(IsEdge, NoStrokeOnPaperIsOne) {
  EXPECT_FALSE(is_edge(with_line(picture(200, 200), 60), kBox));
  EXPECT_FALSE(is_edge(with_line(picture(60, 60), 220), kBox));
  EXPECT_FALSE(is_edge(with_line(picture(200, 200), 170), kBox));  // pencil
}

TEST(IsEdge, NoStrokeAtTheEdgeOfAShadowIsOne) {
  EXPECT_FALSE(is_edge(with_line(picture(200, 160), 60), kBox));
  EXPECT_FALSE(is_edge(with_line(picture(60, 90), 220), kBox));
}

TEST(IsEdge, AStepBetweenTwoThingsIsOne) {
  EXPECT_TRUE(is_edge(picture(200, 60), kBox));
  EXPECT_TRUE(is_edge(picture(60, 200), kBox));
}

TEST(IsEdge, ALineBetweenTwoThingsIsOne) {
  EXPECT_TRUE(is_edge(with_line(picture(220, 110), 60), kBox));
  EXPECT_TRUE(is_edge(with_line(picture(110, 220), 60), kBox));
  EXPECT_TRUE(is_edge(with_line(picture(100, 40), 130), kBox));
}

TEST(IsEdge, IsFarHigherThanWideAndInsideThePicture) {
  const cv::Mat step = picture(200, 60);
  EXPECT_FALSE(is_edge(step, {80, 50, 40, 80}));
  EXPECT_FALSE(is_edge(step(cv::Rect(96, 0, 104, 200)), {1, 50, 6, 80}));
  EXPECT_TRUE(is_edge(step(cv::Rect(95, 0, 105, 200)), {2, 50, 6, 80}));
}

}  // namespace
}  // namespace digitorch
