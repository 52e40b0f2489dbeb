// Takes off a drawing what is printed on its paper to write on: the lines of
// ruled and squared paper.
#pragma once

#include <opencv2/core.hpp>

namespace digitorch {

/// Which lines are ruled lines. The defaults are for an upright page of text.
struct RuledLineSearch {
  /// By how many degrees lines may be turned from horizontal and vertical. 0:
  /// the page was turned upright, and only what is left of its skew is allowed.
  double most_degrees = 0;
  /// Part of the width of all ink over which a ruled line shows, 0..1; the bar
  /// of a 7 in a picture of two big digits does not.
  double long_part = 0.35;
  /// The same for further lines where some ruled lines are known, since text
  /// may hide most of them.
  double long_part_again = 0.12;
  /// By how many times an unbroken part of a line is longer than thick, at
  /// least; a pen's stroke is not.
  double run_thinness = 7.5;
  /// A line is as dark as over this part of the picture's width: less than a
  /// shadow is wide, more than a stroke along the line is long.
  double near_by = 0.15;
  /// Ruled lines run from one edge of the picture to the other.
  bool to_edges = false;
};

/// ink: uint8, how dark the ink is beside its paper, 0..255. Takes horizontal
/// and vertical lines off it, faint or strong. Strokes that cross a line or run
/// along it keep what they have there. Returns how many lines there were.
int clear_ruled_lines(cv::Mat& ink, const RuledLineSearch& search = {});

}  // namespace digitorch
