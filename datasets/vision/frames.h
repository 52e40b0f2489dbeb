// Frames: what is drawn around a digit or a field, such as a box or a ring.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// What a frame is like, beside what it is drawn around.
struct FrameShape {
  /// The longer side of what is in it, as a part of its own; at least.
  double min_size = 0.35;
  /// The room around what is in it, as a part of its own longer side.
  double min_gap = 0;
  /// Whether the middle of its box, half as wide and half as high, is empty
  /// too.
  bool hollow = true;
};

/// mask: uint8, 255 is the ink of one connected component, of its box. Whether
/// it is drawn around what is in the box `inner` of it, where hardly any of its
/// own ink is.
bool is_frame_around(
    const cv::Mat& mask, const cv::Rect& inner, const FrameShape& shape = {}
);

/// mask: uint8, 255 is ink, of an upright page. Clears the sides of single
/// boxes and of rows and columns of them, where they are thin and meet in
/// corners; strokes that cross a side stay.
void clear_frames(cv::Mat& mask);

}  // namespace digitorch
