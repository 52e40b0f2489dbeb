#include "datasets/vision/ruled_lines.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "datasets/vision/morphology.h"
#include "datasets/vision/quantiles.h"
#include "datasets/vision/ruled_line_search.h"

namespace digitorch {
namespace {

// A line is as dark as the fainter part of what lies on its course: the rest is
// what is written on it.
constexpr double kFainter = 0.4;

// Ink not so much darker than the line, of its level and in levels of 255, is
// the line itself.
constexpr double kStronger = 1.25;
constexpr double kNoise = 8;

// A line's darkness is measured over at least so many pixels along it.
constexpr int kMinNearBy = 100;

// Its course is known to a part of a pixel: next to it, it is as dark as this
// part of its darkness.
constexpr double kBeside = 0.8;

// It is looked for so many pixels beyond half its thickness.
constexpr int kReach = 3;

// Where a line is fainter than this, of 255, it hides nothing.
constexpr int kHides = 12;

// What is on the line's course and `reach` pixels beside it, as a horizontal
// strip.
cv::Mat strip_along(const RuledLine& line, const cv::Mat& ink, int reach) {
  cv::Mat columns(2 * reach + 1, ink.cols, CV_32F), strip;
  cv::Mat rows = columns.clone();
  for (int y = 0; y < rows.rows; ++y)
    for (int x = 0; x < rows.cols; ++x) {
      columns.at<float>(y, x) = static_cast<float>(x);
      rows.at<float>(y, x) =
          line.course[static_cast<size_t>(x)] + static_cast<float>(y - reach);
    }
  cv::remap(
      ink, strip, columns, rows, cv::INTER_LINEAR, cv::BORDER_CONSTANT, 0
  );
  return strip;
}

// How dark the line itself is at each place of its strip.
cv::Mat levels_of(
    const cv::Mat& strip, const std::vector<bool>& shown, double near_by
) {
  const int window = std::max(kMinNearBy, cvRound(near_by * strip.cols));
  const int steps = std::max(1, 2 * strip.cols / window);
  cv::Mat coarse(strip.rows, steps, CV_8U, cv::Scalar(0));
  std::vector<uint8_t> values;
  for (int i = 0; i < steps; ++i) {
    const int middle = cvRound((i + 0.5) * strip.cols / steps);
    const int from = std::max(0, middle - window / 2);
    const int to = std::min(strip.cols, middle + window / 2 + 1);
    for (int row = 0; row < strip.rows; ++row) {
      values.clear();
      for (int x = from; x < to; ++x)
        if (shown[static_cast<size_t>(x)])
          values.push_back(strip.at<uint8_t>(row, x));
      if (values.empty()) continue;
      coarse.at<uint8_t>(row, i) = quantile_of(values, kFainter);
    }
  }
  cv::Mat levels, beside;
  cv::resize(coarse, levels, strip.size(), 0, 0, cv::INTER_LINEAR);
  cv::dilate(levels, beside, cv::Mat::ones(3, 1, CV_8U));
  levels = cv::max(levels, kBeside * beside);
  for (int x = 0; x < strip.cols; ++x)
    if (!shown[static_cast<size_t>(x)]) levels.col(x) = 0;
  return levels;
}

// The ink that a stroke crossing a line has in column x and row y, judged by
// the rows `above` and `below` the line in several directions; 0 where one of
// them is outside.
uint8_t crossing(const cv::Mat& ink, int x, int y, int above, int below) {
  if (above < 0 || below >= ink.rows) return 0;
  uint8_t most = 0;
  for (double lean : {0.0, -0.5, 0.5, -1.0, 1.0}) {
    const int up = x + cvRound(lean * (y - above));
    const int down = x - cvRound(lean * (below - y));
    if (std::min(up, down) < 0 || std::max(up, down) >= ink.cols) continue;
    most = std::max(
        most, std::min(ink.at<uint8_t>(above, up), ink.at<uint8_t>(below, down))
    );
  }
  return most;
}

// Takes the line off the ink: where ink is darker than the line is near by, the
// line's part of it; where it is not, all but what a stroke that crosses the
// line has there, judged by what it has beside it in `strokes`, which is as
// large.
void take_off(
    const RuledLine& line, const cv::Mat& strokes, double near_by, cv::Mat& ink
) {
  const int reach = cvCeil(line.thickness / 2) + kReach;
  const cv::Mat levels =
      levels_of(strip_along(line, ink, reach), line.shown, near_by);
  for (int x = 0; x < ink.cols; ++x) {
    const float middle = line.course[static_cast<size_t>(x)];
    // Where the line is as dark as to hide something, from the middle on.
    int half = 0;
    while (half < reach && (levels.at<uint8_t>(reach - half, x) >= kHides ||
                            levels.at<uint8_t>(reach + half, x) >= kHides))
      ++half;
    if (half == 0) continue;
    const int above = cvRound(middle) - half - 1;
    const int below = cvRound(middle) + half + 1;
    for (int y = std::max(0, above + 1); y < std::min(below, ink.rows); ++y) {
      const int row = std::clamp(
          cvRound(static_cast<float>(y) - middle) + reach, 0, levels.rows - 1
      );
      const float level = levels.at<uint8_t>(row, x);
      const float given = ink.at<uint8_t>(y, x);
      float left = std::max(0.0F, given - level);
      if (given > kStronger * level + kNoise)
        left = 255 - 255 * (255 - given) / std::max(1.0F, 255 - level);
      else if (level >= kHides)
        left = std::min<float>(given, crossing(strokes, x, y, above, below));
      ink.at<uint8_t>(y, x) = cv::saturate_cast<uint8_t>(left);
    }
  }
}

cv::Mat without(
    const std::vector<RuledLine>& lines,
    const cv::Mat& strokes,
    double near_by,
    const cv::Mat& ink
) {
  cv::Mat left = ink.clone();
  for (const RuledLine& line : lines) take_off(line, strokes, near_by, left);
  return left;
}

}  // namespace

int clear_ruled_lines(cv::Mat& ink, const RuledLineSearch& search) {
  const std::vector<RuledLine> horizontal = find_ruled_lines(ink, search);
  const std::vector<RuledLine> vertical =
      find_ruled_lines(transposed(ink), search);
  if (horizontal.empty() && vertical.empty()) return 0;
  // Lines are no strokes that cross lines: each direction is looked at without
  // the other.
  const auto without_vertical = [&](const cv::Mat& strokes) {
    return transposed(
        without(vertical, transposed(strokes), search.near_by, transposed(ink))
    );
  };
  const cv::Mat none = cv::Mat::zeros(ink.size(), CV_8U);
  const cv::Mat no_vertical = without_vertical(none);
  const cv::Mat no_horizontal = without(horizontal, none, search.near_by, ink);
  ink = without(horizontal, no_vertical, search.near_by, ink);
  ink = without_vertical(no_horizontal);
  return static_cast<int>(horizontal.size() + vertical.size());
}

}  // namespace digitorch
