#include "datasets/digit/locate.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "datasets/digit/select.h"
#include "datasets/vision/paper.h"
#include "datasets/vision/ruled_lines.h"
#include "datasets/vision/sheet.h"

namespace digitorch {
namespace {

// Strokes of a digit are as thin as lines in pictures of fewer pixels on a
// side.
constexpr int kShowsLines = 48;

// Lines of the paper that a single digit is on, beside which they are long.
constexpr RuledLineSearch kRuledPaper = {
    .most_degrees = 25,
    .long_part = 0.5,
    .long_part_again = 0.4,
    .run_thinness = 3,
    .near_by = 0.5,
    .to_edges = true};

// On ruled paper, something smaller than this part of the picture at its edge
// is the end of a line that is too short to be known as one.
constexpr double kLeastBesideLines = 0.25;

// What comes this near to the picture's edge, as a fraction of its shorter
// side, is at the edge.
constexpr int kEdgeFraction = 50;  // of the side: a fiftieth

// What is this near to a hole, as a fraction of the shorter side, is next to
// it.
constexpr int kBesideFraction = 50;  // of the side: a fiftieth

// A hole in a digit differs from what is beyond the digit by at most this part
// of its contrast to the digit,
constexpr double kAlike = 0.2;
// and that is seen along this part of the picture's edge at least.
constexpr double kAlikeAtEdge = 0.3;
// Of the picture's height: a digit that fills it.
constexpr double kFills = 0.5;
// Of what is next to a hole: the digit's.
constexpr double kSurrounds = 0.9;

// Whether the box comes as near to the picture's edge as `margin` pixels.
bool at_edge(const cv::Rect& box, const cv::Size& size, int margin = 0) {
  return std::min(box.x, box.y) <= margin ||
         box.br().x + margin >= size.width ||
         box.br().y + margin >= size.height;
}

cv::Mat without_ruled_lines(const cv::Mat& all) {
  cv::Mat ink = all.clone();
  const bool shows_lines = std::min(ink.rows, ink.cols) >= kShowsLines;
  const int lines = shows_lines ? clear_ruled_lines(ink, kRuledPaper) : 0;
  cv::Mat digit = select_digit(ink);
  if (lines > 0 && !digit.empty()) {
    const cv::Rect box = cv::boundingRect(digit);
    const int side = std::min(digit.rows, digit.cols);
    const bool small =
        std::max(box.width, box.height) < kLeastBesideLines * side;
    if (small && at_edge(box, digit.size(), side / kEdgeFraction))
      digit.release();
  }
  // A lone line from edge to edge, with nothing beside it, is a 1.
  if (digit.empty() && lines == 1) digit = select_digit(all);
  return digit;
}

cv::Mat find_main_thing(const cv::Mat& grey) {
  const cv::Mat digit = without_ruled_lines(find_ink(grey));
  if (!digit.empty() && !at_edge(cv::boundingRect(digit), digit.size()))
    return digit;
  return without_ruled_lines(find_ink(grey, {.at_edge = true}));
}

// What lies next to the mask.
cv::Mat beside(const cv::Mat& mask) {
  const int reach =
      std::max(1, std::min(mask.rows, mask.cols) / kBesideFraction);
  cv::Mat around;
  cv::dilate(mask, around, cv::Mat::ones(2 * reach + 1, 2 * reach + 1, CV_8U));
  return around - mask;
}

// Where what was found is the hole of a bold digit that fills the picture: that
// digit; otherwise empty. Then the picture's edge is more like the hole than
// like what is next to it, and all of that is ink.
cv::Mat around_hole(const cv::Mat& grey, const cv::Mat& found) {
  const cv::Mat hole = found > kInkEdge, ring = beside(hole);
  const double level = cv::mean(grey, hole)[0];
  const double contrast = std::abs(level - cv::mean(grey, ring)[0]);
  cv::Mat edge(grey.size(), CV_8U, cv::Scalar(0)), difference;
  cv::rectangle(edge, cv::Rect({}, grey.size()), 255);
  cv::absdiff(grey, cv::Scalar(level), difference);
  const cv::Mat alike = difference < kAlike * contrast;
  if (cv::countNonZero(alike & edge) < kAlikeAtEdge * cv::countNonZero(edge))
    return {};
  const cv::Mat digit =
      without_ruled_lines(find_ink(grey, {.at_edge = true, .reversed = true}));
  if (digit.empty() || !only_sheet(grey, digit).empty()) return {};
  const cv::Mat ink = digit > kInkEdge;
  const bool fills = cv::boundingRect(ink).height >= kFills * grey.rows;
  const bool surrounds =
      cv::countNonZero(ink & ring) >= kSurrounds * cv::countNonZero(ring);
  return fills && surrounds ? digit : cv::Mat();
}

}  // namespace

cv::Mat digit_ink(const cv::Mat& grey) {
  const cv::Mat thing = find_main_thing(grey);
  if (thing.empty()) return thing;
  cv::Mat digit = around_hole(grey, thing);
  if (!digit.empty()) return digit;
  const cv::Mat sheet = only_sheet(grey, thing);
  if (sheet.empty()) return thing;
  digit = find_main_thing(sheet);
  return digit.empty() ? thing : digit;
}

}  // namespace digitorch
