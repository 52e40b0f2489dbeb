// The lines of ruled and squared paper: found by Hough's transform over few
// angles, taken out with the strokes that cross them mended.
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "datasets/digit/contrast.h"
#include "datasets/vision/crossing.h"
#include "datasets/vision/histogram.h"
#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

constexpr int kSearchSide =
    256;                         // lines are looked for in a picture this small
constexpr int kShowsRules = 48;  // in smaller pictures strokes are as thin
constexpr double kMostDegrees = 25;
constexpr double kStepDegrees = 0.5;
constexpr double kLeastCoverage = 0.75;  // part of a line that is there
constexpr double kEdge = 0.55;           // the same at its upper and lower edge
constexpr int kLongOnes = 8;   // power that makes long lines count, not many
constexpr double kEnd = 0.06;  // part of a line at either end, also covered
constexpr double kMostWidth = 0.05;  // of the picture's shorter side

// How much stronger than the line ink has to be to be told from it.
constexpr float kStronger = 1.35F;

// A band of pixels around y = top + slope x, `height` pixels high.
struct Line {
  double slope;
  double top;
  double height;
};

// A mask sheared by a slope, so that lines of that slope are its rows.
class Sheared {
 public:
  Sheared(const cv::Size& size, double slope)
      : size_(size),
        slope_(slope),
        first_row_(-static_cast<int>(std::ceil(std::abs(slope) * size.width))),
        ink_(static_cast<std::size_t>(size.height - 2 * first_row_ + 1)) {
    for (int x = 0; x < size.width; ++x)
      drop_.push_back(static_cast<int>(std::floor(slope * x + 0.5)));
  }

  void add(cv::Point p) { ++ink_[index(row_of(p))]; }

  int row_of(cv::Point p) const {
    return p.y - drop_[static_cast<std::size_t>(p.x)];
  }
  int first_row() const { return first_row_; }
  int end_row() const { return first_row_ + static_cast<int>(ink_.size()); }

  // Part of the row that is ink; 0 where the row runs less than half of the
  // picture's width.
  double covered(int row) const {
    const int ink = ink_[index(row)];
    if (ink < kEdge * size_.width / 2) return 0;
    const cv::Range inside = columns(row);
    if (inside.size() < size_.width / 2) return 0;
    return static_cast<double>(ink) / inside.size();
  }

  // Where the row lies within the picture.
  cv::Range columns(int row) const {
    double from = 0, to = size_.width;
    if (slope_ != 0) {
      const double a = -row / slope_, b = (size_.height - row) / slope_;
      from = std::max(from, std::min(a, b));
      to = std::min(to, std::max(a, b));
    } else if (row < 0 || row >= size_.height) {
      to = 0;
    }
    return {cvRound(from), std::max(cvRound(from), cvRound(to))};
  }

 private:
  std::size_t index(int row) const {
    return static_cast<std::size_t>(row - first_row_);
  }

  cv::Size size_;
  double slope_;
  int first_row_;
  std::vector<int> ink_;   // by row
  std::vector<int> drop_;  // by column
};

// Of the angles the one at which the most ink lies in long straight lines.
double best_slope(
    const cv::Mat& mask,
    const std::vector<cv::Point>& points,
    double from,
    double to,
    double step
) {
  double best_score = 0, best = 0;
  for (double degrees = from; degrees <= to; degrees += step) {
    const double slope = std::tan(degrees * CV_PI / 180);
    Sheared sheared(mask.size(), slope);
    for (const cv::Point& point : points) sheared.add(point);
    double score = 0;
    for (int row = sheared.first_row(); row < sheared.end_row(); ++row)
      score += std::pow(sheared.covered(row), kLongOnes);
    if (score <= best_score) continue;
    best_score = score;
    best = degrees;
  }
  return best;
}

// Whether there is ink in most columns near both ends of the rows [first,
// last]: printed lines run off the sheet, strokes of a digit do not.
bool covers_ends(
    const Sheared& sheared,
    const std::vector<cv::Point>& points,
    int first,
    int last
) {
  const cv::Range columns = sheared.columns((first + last) / 2);
  const int length = std::max(2, cvRound(kEnd * columns.size()));
  std::vector<bool> left(length), right(length);
  for (const cv::Point& point : points) {
    const int row = sheared.row_of(point);
    if (row < first || row > last) continue;
    const int from_left = point.x - columns.start;
    const int from_right = columns.end - 1 - point.x;
    if (from_left >= 0 && from_left < length) left[from_left] = true;
    if (from_right >= 0 && from_right < length) right[from_right] = true;
  }
  const auto most = [&](const std::vector<bool>& part) {
    return 2 * std::count(part.begin(), part.end(), true) >= length;
  };
  return most(left) && most(right);
}

// The level lines of a mask, all of one slope.
std::vector<Line> find_lines(const cv::Mat& mask) {
  std::vector<cv::Point> points;
  cv::findNonZero(mask, points);
  double degrees =
      best_slope(mask, points, -kMostDegrees, kMostDegrees, kStepDegrees);
  degrees = best_slope(
      mask,
      points,
      degrees - kStepDegrees,
      degrees + kStepDegrees,
      kStepDegrees / 5
  );
  const double slope = std::tan(degrees * CV_PI / 180);
  Sheared sheared(mask.size(), slope);
  for (const cv::Point& point : points) sheared.add(point);

  std::vector<Line> lines;
  const double most =
      std::max(3.0, kMostWidth * std::min(mask.rows, mask.cols));
  for (int row = sheared.first_row(); row < sheared.end_row(); ++row) {
    if (sheared.covered(row) < kLeastCoverage) continue;
    // Its edges are rows of which less is ink, a digit on the line included.
    int first = row, last = row;
    while (first > sheared.first_row() && sheared.covered(first - 1) > kEdge)
      --first;
    while (last + 1 < sheared.end_row() && sheared.covered(last + 1) > kEdge)
      ++last;
    const int height = last - first + 1;
    if (height <= most && covers_ends(sheared, points, first, last))
      lines.push_back(
          {slope, static_cast<double>(first), static_cast<double>(height)}
      );
    row = last;
  }
  return lines;
}

void remove_line(cv::Mat& contrast, const Line& line) {
  const cv::Mat before = contrast.clone();
  const auto top_at = [&](int x) {
    return static_cast<int>(std::floor(line.top + line.slope * x));
  };
  const int height = static_cast<int>(std::ceil(line.height));
  std::vector<float> strongest;
  for (int x = 0; x < contrast.cols; ++x) {
    float most = 0;
    for (int y = std::max(0, top_at(x));
         y < std::min(contrast.rows, top_at(x) + height + 1);
         ++y)
      most = std::max(most, before.at<float>(y, x));
    if (most > 0) strongest.push_back(most);
  }
  if (strongest.empty()) return;
  const float ink_from = kStronger * median_of(std::move(strongest));
  for (int x = 0; x < contrast.cols; ++x) {
    const int above = top_at(x) - 1, below = top_at(x) + height + 1;
    for (int y = std::max(0, above + 1); y < std::min(below, contrast.rows);
         ++y) {
      const float value = before.at<float>(y, x);
      if (value <= ink_from)
        contrast.at<float>(y, x) =
            std::min(value, crossing<float>(before, x, y, above, below));
    }
  }
}

// Lines that are level; returns how many.
int remove_level(
    cv::Mat& contrast, const std::vector<Line>& lines, int shrink
) {
  for (const Line& line : lines) {
    const double margin = 0.8 * shrink;
    remove_line(
        contrast,
        {line.slope,
         line.top * shrink - margin,
         line.height * shrink + 2 * margin}
    );
  }
  return static_cast<int>(lines.size());
}

// 255 where there is any ink, the picture made 1/shrink as large.
cv::Mat small_mask(const cv::Mat& contrast, int shrink) {
  cv::Mat small(
      (contrast.rows + shrink - 1) / shrink,
      (contrast.cols + shrink - 1) / shrink,
      CV_8U,
      cv::Scalar(0)
  );
  for (int y = 0; y < contrast.rows; ++y) {
    const auto* row = contrast.ptr<float>(y);
    auto* out = small.ptr<uint8_t>(y / shrink);
    for (int x = 0; x < contrast.cols; ++x)
      if (row[x] > 0) out[x / shrink] = 255;
  }
  return small;
}

}  // namespace

int remove_rules(cv::Mat& contrast) {
  if (std::min(contrast.rows, contrast.cols) < kShowsRules) return 0;
  const int longer = std::max(contrast.rows, contrast.cols);
  const int shrink = (longer + kSearchSide - 1) / kSearchSide;
  const cv::Mat mask = small_mask(contrast, shrink);
  const std::vector<Line> level = find_lines(mask);
  const std::vector<Line> upright = find_lines(mask.t());
  const int count = remove_level(contrast, level, shrink);
  if (upright.empty()) return count;
  cv::Mat turned = contrast.t();
  remove_level(turned, upright, shrink);
  contrast = turned.t();
  return count + static_cast<int>(upright.size());
}

}  // namespace digitorch
