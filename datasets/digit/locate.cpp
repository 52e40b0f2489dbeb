#include "datasets/digit/locate.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "datasets/digit/select.h"
#include "datasets/vision/line_angle.h"
#include "datasets/vision/paper.h"
#include "datasets/vision/ruled_lines.h"
#include "datasets/vision/sheet.h"

namespace digitorch {
namespace {

// Lines of the paper that a single digit is on, beside which they are long.
constexpr RuledLineSearch kRuledPaper = {
    .most_degrees = AngleSearch().most_degrees,
    .long_part = 0.5,
    .run_thinness = 3,
    .to_edges = true};

// On ruled paper, something smaller than this part of the picture that is as
// near to its edge is the end of a line that is too short to be known as one.
constexpr double kLeastBesideLines = 0.25;

// Whether the box comes as near to the picture's edge as `margin` pixels.
bool at_edge(const cv::Rect& box, const cv::Size& size, int margin = 0) {
  return std::min(box.x, box.y) <= margin ||
         box.br().x + margin >= size.width ||
         box.br().y + margin >= size.height;
}

cv::Mat without_ruled_lines(const cv::Mat& all) {
  cv::Mat ink = all.clone();
  const int lines = clear_ruled_lines(ink, kRuledPaper);
  cv::Mat digit = select_digit(ink);
  if (lines > 0 && !digit.empty()) {
    const cv::Rect box = cv::boundingRect(digit);
    const int longer = std::max(box.width, box.height);
    const bool small =
        longer < kLeastBesideLines * std::min(digit.rows, digit.cols);
    if (small && at_edge(box, digit.size(), longer)) digit.release();
  }
  // A lone line from edge to edge, with nothing beside it, is a 1.
  return digit.empty() && lines == 1 ? select_digit(all) : digit;
}

cv::Mat find_main_thing(const cv::Mat& grey) {
  const cv::Mat digit = without_ruled_lines(find_ink(grey));
  if (!digit.empty() && !at_edge(cv::boundingRect(digit), digit.size()))
    return digit;
  return without_ruled_lines(find_ink(grey, {.at_edge = true}));
}

}  // namespace

cv::Mat digit_ink(const cv::Mat& grey) {
  const cv::Mat thing = find_main_thing(grey);
  if (thing.empty()) return thing;
  const cv::Mat sheet = only_sheet(grey, thing);
  if (sheet.empty()) return thing;
  const cv::Mat digit = find_main_thing(sheet);
  return digit.empty() ? thing : digit;
}

}  // namespace digitorch
