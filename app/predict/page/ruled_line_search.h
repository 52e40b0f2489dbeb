// Where the printed lines of a page are: runs of pixels, put together.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace digitorch {

/// An unbroken part of a nearly level line.
struct LineSegment {
  cv::Rect box;
  double thickness = 0;
  double darkness = 0;  ///< Its ink in the middle, 0..255.
  bool even = false;    ///< As dark all the way, but for what is written on it.
  std::vector<cv::Point2d> middles;  ///< In some of its columns.
};

/// Runs that go on in each other, left to right; one at least.
using RuledLine = std::vector<LineSegment>;

/// The lines of what is at least `length` pixels long in mask (uint8, 255 may
/// be a line) and many times longer than thick. ink: what it was made of.
std::vector<RuledLine> find_rule_lines(
    const cv::Mat& mask, const cv::Mat& ink, int length
);

/// Mean of the runs' thickness,
double thickness_of(const RuledLine&);
/// the sum of their lengths,
int length_of(const RuledLine&);
/// the middle one of their darknesses,
double darkness_of(const RuledLine&);
/// and from the first one's start to the last one's end.
cv::Range columns_of(const RuledLine&);

/// The line's height in each of that many columns; it may bend.
std::vector<float> course_of(const RuledLine&, int columns);

}  // namespace digitorch
