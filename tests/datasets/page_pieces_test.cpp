// What connected pieces of ink tell about a page's digits.
#include "datasets/page_pieces.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace digitorch
