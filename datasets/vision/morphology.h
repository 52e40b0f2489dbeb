// Horizontal lines and connected components of a mask (uint8, 255 is ink).
// Vertical lines are horizontal ones of the mask transposed.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace digitorch {

cv::Mat horizontal_kernel(int length);
cv::Mat vertical_kernel(int length);

cv::Mat opened(const cv::Mat& mask, const cv::Mat& kernel);
cv::Mat closed(const cv::Mat& mask, const cv::Mat& kernel);
cv::Mat transposed(const cv::Mat& mask);

/// The mask without what is up to `reach` pixels from its edge, measured along
/// rows, columns and diagonals alike. The picture's edge is one, too.
cv::Mat eroded(const cv::Mat& mask, int reach);

/// What an opening with a horizontal kernel of that length leaves, in a time
/// that does not grow with the length.
cv::Mat horizontal_runs(const cv::Mat& mask, int length);

/// The connected components of a mask.
struct Labels {
  cv::Mat labels;  ///< int32 [H, W]: 0 is none, else 1 to count - 1.
  cv::Mat facts;   ///< As cv::connectedComponentsWithStats tells them.
  int count = 0;   ///< One more than there are components.

  cv::Rect box(int i) const;
  int area(int i) const;      ///< In pixels.
  cv::Mat mask(int i) const;  ///< uint8 of its box's size, 255 where it is.

  /// The components whose masks are worth their memory and time, in order: all,
  /// unless their boxes cover far more than the picture, as those of lines
  /// drawn all across it do. Then the largest boxes are left out.
  std::vector<int> bounded() const;
};

Labels labelled(const cv::Mat& mask, int connectivity = 8);

/// ink: uint8, bright on black. Mean width of the strokes in pixels, where ink
/// of half strength is their edge; 0 without any.
double stroke_width(const cv::Mat& ink);

/// Clears horizontal lines, 255 in `line`, of that thickness from the mask.
/// What is thicker than the line is a stroke that crosses it, and stays.
void clear_horizontal(cv::Mat& mask, const cv::Mat& line, int thickness);

}  // namespace digitorch
