// Where digits that touch each other may be cut apart.
#pragma once

#include <vector>

#include "app/predict/page/components.h"

namespace digitorch {

/// A part of a component between two cuts.
struct Segment {
  Component component;
  double cut = 0;  ///< Ink that the cut to its left goes through, in pixels.
  /// The ink to the left and to the right of that cut, as far as one stroke is
  /// wide: where digits touch along a stroke, it belongs to both of them. The
  /// boxes are empty where there is no ink, and without a cut.
  Component before = {};
  Component after = {};
};

/// Cuts the component from top to bottom wherever a seam goes through little
/// ink, at most once in every sixth of `height`, which is the usual height of
/// the digits on its line in pixels. Gives the segments from left to right; the
/// component itself if there is no such seam.
///
/// ink: uint8, how dark the upright page is, by which a seam finds the fainter
/// ink between blurred digits; all ink of the mask is equally dark without it.
///
/// A seam is the cheapest 8-connected path from the first to the last row,
/// found by dynamic programming (Avidan and Shamir, 2007).
std::vector<Segment> cut(const Component&, int height, const cv::Mat& ink = {});

}  // namespace digitorch
