// Level lines of a mask (uint8, 255 is ink): what taking off rules and frames
// shares. Upright lines are level ones of the mask transposed.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

cv::Mat horizontal_kernel(int length);
cv::Mat vertical_kernel(int length);

cv::Mat opened(const cv::Mat& mask, const cv::Mat& kernel);
cv::Mat closed(const cv::Mat& mask, const cv::Mat& kernel);
cv::Mat transposed(const cv::Mat& mask);

/// What is left of an opening with a level kernel of that length, which would
/// take time in proportion to it.
cv::Mat horizontal_runs(const cv::Mat& mask, int length);

/// Box of component `i`. facts: what cv::connectedComponentsWithStats told.
cv::Rect component_box(const cv::Mat& facts, int i);

/// Clears level lines, 255 in `line`, of that thickness from the mask. What is
/// thicker than the line, there, is a stroke that crosses it, and stays.
void clear_horizontal(cv::Mat& mask, const cv::Mat& line, int thickness);

}  // namespace digitorch
