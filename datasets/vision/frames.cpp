#include "datasets/vision/frames.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "datasets/vision/morphology.h"

namespace digitorch {
namespace {

// A side of a frame is straight over so much of it.
constexpr double kSidePart = 0.7;
// How thick the strokes of a frame and what it holds may be, beside its smaller
// side.
constexpr double kFrameThickness = 0.1;
constexpr int kMostLean = 2;     // pixels off straight
constexpr int kMostInFrame = 4;  // lines either way; a table has more
constexpr int kLeastFrame = 16;  // pixels
// Of its ink, at most so much is where what it holds is.
constexpr double kMaxInkInside = 0.03;
// Of its box, at most so much is filled by that.
constexpr double kMaxInsideArea = 2.0 / 3;

// First and last level line of a frame, with what is between them; none where
// there are not two.
struct Sides {
  int lines = 0;
  int first = 0;
  int last = 0;
  double thickness = 0;
};

// part: a component; reached: the places of its straight level runs, grown.
Sides find_sides(const cv::Mat& part, const cv::Mat& reached) {
  cv::Mat counts;
  cv::reduce(reached, counts, 1, cv::REDUCE_SUM, CV_32S);
  std::vector<int> rows;
  for (int y = 0; y < counts.rows; ++y)
    if (counts.at<int>(y) > 255 * kSidePart / 2 * part.cols) rows.push_back(y);
  if (rows.empty() || rows.back() - rows.front() < part.rows / 2) return {};
  int lines = 1;
  for (size_t i = 1; i < rows.size(); ++i) lines += rows[i] > rows[i - 1] + 1;
  if (lines < 2) return {};
  const double area = cv::countNonZero(part & reached);
  return {lines, rows.front(), rows.back(), area / lines / part.cols};
}

bool has_ink(const cv::Mat& mask, int x, int y, int reach) {
  const cv::Rect around(x - reach, y - reach, 2 * reach + 1, 2 * reach + 1);
  return cv::countNonZero(mask(around & cv::Rect({}, mask.size()))) > 0;
}

// Clears the sides from a component, where it is a frame: two level and two
// upright lines that meet in corners.
bool clear_frame(cv::Mat& part) {
  const int least = std::min(part.rows, part.cols);
  // Dilated across, so that a line may lean by a few pixels.
  cv::Mat thick;
  const int lean = std::min(kMostLean, std::max(part.rows, part.cols) / 60);
  cv::dilate(part, thick, vertical_kernel(2 * lean + 1));
  const cv::Mat level = horizontal_runs(thick, cvRound(kSidePart * part.cols));
  cv::dilate(part, thick, horizontal_kernel(2 * lean + 1));
  const cv::Mat upright = transposed(
      horizontal_runs(transposed(thick), cvRound(kSidePart * part.rows))
  );
  const Sides rows = find_sides(part, level);
  const Sides columns = find_sides(transposed(part), transposed(upright));
  if (rows.lines == 0 || columns.lines == 0) return false;
  // Squared paper is looked at line by line, since text hangs together with it.
  if (std::min(rows.lines, columns.lines) > kMostInFrame) return false;
  if (stroke_width(part) > kFrameThickness * least) return false;
  const double thickness = std::max(rows.thickness, columns.thickness);
  const int reach = std::max(2, least / 20);
  int corners = 0;
  for (int y : {rows.first, rows.last})
    for (int x : {columns.first, columns.last})
      corners += has_ink(level & upright, x, y, reach);
  if (corners < 3) return false;
  cv::Mat clean = part.clone();
  clear_horizontal(clean, level & part, cvCeil(thickness) + 1);
  cv::Mat turned = transposed(part);
  clear_horizontal(turned, transposed(upright & part), cvCeil(thickness) + 1);
  cv::bitwise_and(clean, transposed(turned), part);
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
  const cv::Rect room = (inner + cv::Size(2 * gap, 2 * gap)) - cv::Point(gap, gap);
  return cv::countNonZero(mask(room & cv::Rect({}, mask.size()))) <=
         kMaxInkInside * cv::countNonZero(mask);
}

void clear_frames(cv::Mat& mask) {
  const Labels labels = labelled(closed(mask, cv::Mat::ones(3, 3, CV_8U)));
  for (int i = 1; i < labels.count; ++i) {
    const cv::Rect box = labels.box(i);
    if (std::min(box.width, box.height) < kLeastFrame) continue;
    const cv::Mat own = labels.mask(i);
    cv::Mat part = own & mask(box);
    if (clear_frame(part)) part.copyTo(mask(box), own);
  }
}

}  // namespace digitorch
