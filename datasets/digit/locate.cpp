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
    .to_edges = true};

// Whether the box touches the picture's edge.
bool at_edge(const cv::Rect& box, const cv::Size& size) {
  return std::min(box.x, box.y) <= 0 || box.br().x >= size.width ||
         box.br().y >= size.height;
}

cv::Mat without_ruled_lines(const cv::Mat& all) {
  cv::Mat ink = all.clone();
  const int lines = clear_ruled_lines(ink, kRuledPaper);
  const cv::Mat digit = select_digit(ink);
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
