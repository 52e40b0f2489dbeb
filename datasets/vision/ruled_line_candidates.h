// What may be ruled lines of a page: runs of ink that continue each other. The
// search decides which of them are.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace digitorch {

/// A horizontal row of connected pixels.
struct LineRun {
  cv::Rect box;
  int row = 0;  ///< Half of its pixels are above this row.

  int column() const;  ///< Of its middle.
};

/// Runs of pixels that may be one line; at least one.
struct LineCandidate {
  std::vector<LineRun> runs;
  std::vector<cv::Point2d> middles;  ///< In columns a fixed step apart.
  double area = 0;                   ///< Of these columns, in pixels.

  int length() const;        ///< In pixels, without gaps.
  double thickness() const;  ///< The mean, in pixels.
  /// From the first run to the last.
  cv::Range columns() const;
};

/// ink: uint8, 0..255. Returns 255 where it is dark enough to see, else 0.
cv::Mat visible_ink(const cv::Mat& ink);

/// The visible ink that may be lines: without broad parts and with little
/// noise. ink: uint8, 0..255. Returns 0 and 255.
cv::Mat narrow_ink(const cv::Mat& ink);

/// The parts of narrow ink that may be lines up to that thickness in pixels,
/// which thicker strokes do not break.
cv::Mat thin_parts(const cv::Mat& mask, int thickness);

/// Puts the runs of a mask that continue each other together: those of at least
/// `length` pixels that are `thinness` times longer than thick.
std::vector<LineCandidate> find_line_candidates(
    const cv::Mat& mask, int length, double thinness
);

/// The level of ink, 0..255, that `part` of the candidate's middles do not
/// reach.
double darkness_of(const LineCandidate&, const cv::Mat& ink, double part);

/// Whether the line is about as dark all the way, but for what is written on
/// it: the feet of printed digits that a blur joined are not.
bool is_even(const LineCandidate&, const cv::Mat& ink);

/// The row of the line's middle in each of that many columns, on a parabola
/// that is fitted to it.
std::vector<float> course_of(const LineCandidate&, int columns);

/// The part of the columns, 0..1, in which there is visible ink on the course:
/// strokes that cross the line count.
double inked_part(
    const std::vector<float>& course,
    const cv::Range& columns,
    const cv::Mat& ink
);

}  // namespace digitorch
