// The light of the paper that something is written on, and the ink on it. Light
// and shadow are evened out; dark ink on light paper and light ink on dark
// paper come out alike.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// Where a soft edge ends, of 255: the level at which MNIST's own digits,
/// enlarged with different filters, come back most alike.
inline constexpr int kInkEdge = 64;

struct InkSearch {
  /// What lighter parts surround is ink however broad it is, as in a bold digit
  /// that fills its picture; not a shadow on a sheet.
  bool surrounded = true;
  /// Broad parts at the picture's edge are ink too, not shadow or what lies
  /// beyond the sheet.
  bool at_edge = false;
  /// The ink is on the less likely side of the paper's level.
  bool reversed = false;
  /// Of the picture's width and height: what is narrower is no paper. Broader
  /// strokes are filled where paper surrounds them.
  double narrow = 0.12;
};

/// The grey picture without what is darker than its surroundings and narrower
/// than `part` (0..1) of the picture's width and height: a morphological
/// closing. beyond: the level that is assumed around the picture, with 255 what
/// touches its edge is narrow too; with 0 it goes on beyond it.
cv::Mat without_narrow(const cv::Mat& grey, double part, int beyond = 0);

/// grey: uint8 [H, W]. Returns uint8 [H, W], how much ink is where, 0..255: by
/// which part of the paper's level the picture differs from it on the ink's
/// side, of the largest such part where that is above 1; 0 where the difference
/// is no more than noise or the paper's texture.
cv::Mat find_ink(const cv::Mat& grey, const InkSearch& search = {});

/// How dark full ink is: most of the ink in the mask is no darker, but for
/// specks and glare. At least 1. ink: uint8; mask: uint8 of its size.
int full_ink(const cv::Mat& ink, const cv::Mat& mask);

}  // namespace digitorch
