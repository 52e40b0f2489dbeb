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

}  // namespace digitorch::testing
