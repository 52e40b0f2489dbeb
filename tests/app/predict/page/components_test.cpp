// What connected pieces of ink tell about a page's digits.
#include "app/predict/page/components.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>
#include <vector>

namespace digitorch {
namespace {

Piece block(int x, int y, int width, int height) {
  return {
      {x, y, width, height}, cv::Mat(height, width, CV_8U, cv::Scalar(255))};
}

TEST(UsualDigitHeight, CountsTheHalvesOfBrokenDigitsAsOne) {
  std::vector<Piece> pieces;
  for (int i = 0; i < 6; ++i) {
    pieces.push_back(block(60 * i, 100, 30, 19));
    pieces.push_back(block(60 * i, 121, 30, 19));  // two pixels below
  }
  EXPECT_EQ(usual_height(pieces), 19);
  EXPECT_EQ(usual_digit_height(pieces), 40);
}

TEST(UsualDigitHeight, KeepsNeighboursApart) {
  std::vector<Piece> pieces;
  for (int i = 0; i < 6; ++i)  // ever lower, six pixels apart
    pieces.push_back(block(36 * i, 100 + 8 * i, 30, 40));
  EXPECT_EQ(usual_digit_height(pieces), 40);
}

TEST(UsualDigitHeight, OfNothingIsNone) {
  EXPECT_EQ(usual_digit_height({}), 0);
}

// A ring and a corner, `width` thick, as high as a digit.
Piece ring(int x, int width) {
  Piece piece{{x, 100, 40, 50}, cv::Mat::zeros(50, 40, CV_8U)};
  cv::ellipse(piece.mask, {20, 25}, {16, 21}, 0, 0, 360, 255, width);
  return piece;
}

Piece corner(int x, int width) {
  Piece piece{{x, 100, 40, 50}, cv::Mat::zeros(50, 40, CV_8U)};
  piece.mask.colRange(0, width) = 255;
  piece.mask.rowRange(50 - width, 50) = 255;
  return piece;
}

TEST(DropPartsOfRules, DropsThinCornersButNeitherThinCurvesNorThickCorners) {
  std::vector<Piece> pieces;
  for (int i = 0; i < 6; ++i) pieces.push_back(ring(60 * i, 7));
  const Piece curve = ring(400, 2), frame = corner(460, 2),
              four = corner(520, 7);
  for (const Piece& piece : {curve, frame, four}) pieces.push_back(piece);
  drop_parts_of_rules(pieces);
  ASSERT_EQ(pieces.size(), 8);
  EXPECT_EQ(pieces[6].box, curve.box);
  EXPECT_EQ(pieces[7].box, four.box);
}

}  // namespace
}  // namespace digitorch
