// Components made of rectangles, for tests of page reading. The usual digit is
// 60 pixels wide and 100 high, so pixels are per cent of its height.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "app/predict/page/components.h"

namespace digitorch::testing {

inline constexpr int kBlockHeight = 100;
inline constexpr int kBlockWidth = 60;

inline Component block(int x, int y, int width, int height) {
  return {
      {x, y, width, height}, cv::Mat(height, width, CV_8U, cv::Scalar(255))};
}

inline Component digit(int x, int y) {
  return block(x, y, kBlockWidth, kBlockHeight);
}

/// `count` digits with a gap of 40 pixels between them.
inline std::vector<Component> digits(int x, int y, int count) {
  std::vector<Component> row;
  for (int i = 0; i < count; ++i) row.push_back(digit(x + 100 * i, y));
  return row;
}

/// Rectangles of a width side by side, one pixel apart, held together by a
/// horizontal bar of ink in the middle, `bridge` pixels high.
inline Component touching(
    int x, int count, int width, int height, int bridge = 4
) {
  const int step = width + 1;
  Component component = block(x, 0, count * step - 1, height);
  for (int i = 1; i < count; ++i) component.mask.col(i * step - 1) = 0;
  component.mask.rowRange((height - bridge) / 2, (height + bridge) / 2) = 255;
  return component;
}

/// Two zeros, 100 pixels high, that share the wall between them: all strokes
/// are 10 pixels wide, and the left one, but for that wall, is `width` wide and
/// the right one, with the wall, 60. A gap of one pixel is left of the wall.
inline Component zeros_that_share_a_wall(int width) {
  Component component = block(0, 0, width + 60, 100);
  cv::Mat& mask = component.mask;
  mask(cv::Rect(10, 10, width - 10, 80)) = 0;
  mask(cv::Rect(width + 10, 10, 40, 80)) = 0;
  mask.col(width - 1) = 0;
  return component;
}

}  // namespace digitorch::testing
