// The angle of lines, beside strokes that have others.
#include "datasets/vision/line_angle.h"

#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

// Lines across a picture that fall by so many degrees.
cv::Mat lines_at(double degrees) {
  cv::Mat mask = cv::Mat::zeros(240, 240, CV_8U);
  const int drop = cvRound(240 * std::tan(degrees * CV_PI / 180));
  for (int y = -200; y < 440; y += 40)
    cv::line(mask, {0, y}, {240, y + drop}, 255, 2);
  return mask;
}

TEST(FindLineAngle, IsThatOfLinesAcrossThePicture) {
  for (const double degrees : {-22.0, -3.0, 0.0, 7.5, 24.0}) {
    cv::Mat mask = lines_at(degrees);
    cv::line(mask, {60, 30}, {180, 90}, 255, 20);  // a stroke
    const LineAngle found =
        find_line_angle(mask, {.most_degrees = 25, .across = true});
    EXPECT_NEAR(found.degrees, degrees, 0.3);
    EXPECT_TRUE(found.sharp);
  }
}

TEST(FindLineAngle, IsNoneWithoutInk) {
  const LineAngle found = find_line_angle(cv::Mat::zeros(50, 50, CV_8U));
  EXPECT_EQ(found.degrees, 0);
  EXPECT_FALSE(found.sharp);
}

}  // namespace
}  // namespace digitorch
