// What connected components of ink tell about a page's digits.
#include "app/predict/page/components.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <vector>

namespace digitorch {
namespace {

Component block(int x, int y, int width, int height) {
  return {
      {x, y, width, height}, cv::Mat(height, width, CV_8U, cv::Scalar(255))};
}

TEST(UsualDigitHeight, CountsTheHalvesOfBrokenDigitsAsOne) {
  std::vector<Component> components;
  for (int i = 0; i < 6; ++i) {
    components.push_back(block(60 * i, 100, 30, 19));
    components.push_back(block(60 * i, 121, 30, 19));  // two pixels below
  }
  EXPECT_EQ(usual_height(components), 19);
  EXPECT_EQ(usual_digit_height(components), 40);
}

TEST(UsualDigitHeight, KeepsNeighboursApart) {
  std::vector<Component> components;
  for (int i = 0; i < 6; ++i)  // ever lower, six pixels apart
    components.push_back(block(36 * i, 100 + 8 * i, 30, 40));
  EXPECT_EQ(usual_digit_height(components), 40);
}

TEST(UsualDigitHeight, OfNothingIsNone) {
  EXPECT_EQ(usual_digit_height({}), 0);
}

// A ring and a corner, `width` thick, as high as a digit.
Component ring(int x, int width) {
  Component component{{x, 100, 40, 50}, cv::Mat::zeros(50, 40, CV_8U)};
  cv::ellipse(component.mask, {20, 25}, {16, 21}, 0, 0, 360, 255, width);
  return component;
}

Component corner(int x, int width) {
  Component component{{x, 100, 40, 50}, cv::Mat::zeros(50, 40, CV_8U)};
  component.mask.colRange(0, width) = 255;
  component.mask.rowRange(50 - width, 50) = 255;
  return component;
}

TEST(DropPartsOfRules, DropsThinCornersButNeitherThinCurvesNorThickCorners) {
  std::vector<Component> components;
  for (int i = 0; i < 6; ++i) components.push_back(ring(60 * i, 7));
  const Component curve = ring(400, 2), frame = corner(460, 2),
                  four = corner(520, 7);
  for (const Component& component : {curve, frame, four})
    components.push_back(component);
  drop_parts_of_rules(components);
  ASSERT_EQ(components.size(), 8);
  EXPECT_EQ(components[6].box, curve.box);
  EXPECT_EQ(components[7].box, four.box);
}

}  // namespace
}  // namespace digitorch
