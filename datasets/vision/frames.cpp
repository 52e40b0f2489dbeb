#include "datasets/vision/frames.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "datasets/vision/morphology.h"

namespace digitorch {
namespace {

// A side of a box is straight over so much of it,
constexpr double kSidePart = 0.7;
// but for so many pixels,
constexpr int kMaxLean = 2;
// or this part of the longer side where that is less.
constexpr double kMaxLeanPart = 1.0 / 60;
// Strokes of a box and what it holds are thinner than this part of its shorter
// side.
constexpr double kMaxFrameThickness = 0.1;
// A box or a row of boxes has at most so many lines either way; more are
// squared paper, which is looked at line by line, since text hangs together
// with it.
constexpr int kMaxLines = 4;
// Lines that meet in so many corners of four make a box; one may be worn off.
constexpr int kMinCorners = 3;
// The lines of a corner end within a pixel of each other, and as a fraction of
// the shorter side more.
constexpr int kCornerFraction = 20;  // of the side: a twentieth
// In pixels: no side of a box is shorter.
constexpr int kMinFrame = 16;

// At most this part of a frame's ink is where what it holds is,
constexpr double kMaxInkInside = 0.03;
// and that fills at most this part of its box.
constexpr double kMaxInsideArea = 2.0 / 3;

// The horizontal lines of a box.
struct Sides {
  int lines = 0;         // at least 2, or 0 where it is no box
  int first = 0;         // row of the first one
  int last = 0;          // and of the last one
  double thickness = 0;  // mean, in pixels
  cv::Mat mask;          // 255 where they are, grown by what they may lean
};

Sides find_sides(const cv::Mat& component) {
  const int longer = std::max(component.rows, component.cols);
  const int lean = std::min(kMaxLean, static_cast<int>(kMaxLeanPart * longer));
  cv::Mat thick, counts;
  cv::dilate(component, thick, vertical_kernel(2 * lean + 1));
  const cv::Mat mask =
      horizontal_runs(thick, cvRound(kSidePart * component.cols));
  cv::reduce(mask, counts, 1, cv::REDUCE_SUM, CV_32S);
  std::vector<int> rows;
  for (int y = 0; y < counts.rows; ++y)
    if (counts.at<int>(y) > 255 * kSidePart / 2 * mask.cols) rows.push_back(y);
  if (rows.empty() || rows.back() - rows.front() < mask.rows / 2) return {};
  int lines = 1;
  for (size_t i = 1; i < rows.size(); ++i) lines += rows[i] > rows[i - 1] + 1;
  if (lines < 2) return {};
  const double area = cv::countNonZero(component & mask);
  return {lines, rows.front(), rows.back(), area / lines / mask.cols, mask};
}

bool has_ink(const cv::Mat& mask, int x, int y, int reach) {
  const cv::Rect around(x - reach, y - reach, 2 * reach + 1, 2 * reach + 1);
  return cv::countNonZero(mask(around & cv::Rect({}, mask.size()))) > 0;
}

// Clears the sides from a component, where it is a box: two horizontal and two
// vertical lines that meet in corners.
bool clear_frame(cv::Mat& component) {
  cv::Mat turned = transposed(component);
  const Sides rows = find_sides(component), columns = find_sides(turned);
  const int shorter = std::min(component.rows, component.cols);
  if (rows.lines == 0 || columns.lines == 0 ||
      std::min(rows.lines, columns.lines) > kMaxLines ||
      stroke_width(component) > kMaxFrameThickness * shorter)
    return false;
  const cv::Mat crossings = rows.mask & transposed(columns.mask);
  const int reach = 1 + shorter / kCornerFraction;
  int corners = 0;
  for (int y : {rows.first, rows.last})
    for (int x : {columns.first, columns.last})
      corners += has_ink(crossings, x, y, reach);
  if (corners < kMinCorners) return false;
  const int thickness = cvCeil(std::max(rows.thickness, columns.thickness)) + 1;
  const cv::Mat horizontal = rows.mask & component;
  clear_horizontal(turned, columns.mask & turned, thickness);
  clear_horizontal(component, horizontal, thickness);
  component &= transposed(turned);
  return true;
}

}  // namespace

bool is_frame_around(
    const cv::Mat& mask, const cv::Rect& inner, const FrameShape& shape
) {
  const int side = std::max(mask.rows, mask.cols);
  if (std::max(inner.width, inner.height) < shape.min_size * side ||
      inner.area() > kMaxInsideArea * static_cast<double>(mask.total()))
    return false;
  const int gap = cvRound(shape.min_gap * side);
  cv::Rect room = (inner + cv::Size(2 * gap, 2 * gap)) - cv::Point(gap, gap);
  if (shape.hollow)
    room |=
        cv::Rect(mask.cols / 4, mask.rows / 4, mask.cols / 2, mask.rows / 2);
  return cv::countNonZero(mask(room & cv::Rect({}, mask.size()))) <=
         kMaxInkInside * cv::countNonZero(mask);
}

void clear_frames(cv::Mat& mask) {
  const Labels labels = labelled(closed(mask, cv::Mat::ones(3, 3, CV_8U)));
  for (const int i : labels.bounded()) {
    const cv::Rect box = labels.box(i);
    if (std::min(box.width, box.height) < kMinFrame) continue;
    const cv::Mat own = labels.mask(i);
    cv::Mat part = own & mask(box);
    if (clear_frame(part)) part.copyTo(mask(box), own);
  }
}

}  // namespace digitorch
