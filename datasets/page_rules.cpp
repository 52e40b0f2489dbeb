#include "datasets/page_rules.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "datasets/page_frames.h"
#include "datasets/page_level.h"

namespace digitorch {
namespace {

// A ruled line shows over so much of what is on the page; the bar of a 7 in a
// picture of two big digits does not.
constexpr double kLongPart = 0.35;
// and over most of its own way, unlike strokes that chance put in a row.
constexpr double kCovered = 0.7;
// On a page that has such lines, others show over less, between its text.
constexpr double kLongPartAgain = 0.12;
// Their thickness is at most this much more than the longest's.
constexpr double kAlike = 2;
// It shows in unbroken runs of at least this part.
constexpr double kRunPart = 0.05;
// A line is so many times longer than thick; a pen's stroke is not.
constexpr double kThinness = 30;
// By how much it may lean still: the page has been turned upright.
constexpr double kLean = 0.004;

// An unbroken part of a level line.
struct Run {
  cv::Rect box;
  double thickness;
  double y;
};

std::vector<Run> find_runs(const cv::Mat& mask, int length) {
  const cv::Mat runs = level_runs(closed(mask, level_kernel(5)), length);
  cv::Mat labels, facts, centres;
  const int count =
      cv::connectedComponentsWithStats(runs, labels, facts, centres);
  std::vector<Run> found;
  for (int i = 1; i < count; ++i) {
    const cv::Rect box = component_box(facts, i);
    const double thickness =
        static_cast<double>(facts.at<int>(i, cv::CC_STAT_AREA)) / box.width;
    if (thickness * kThinness / 4 > box.width) continue;
    found.push_back({box, thickness, centres.at<double>(i, 1)});
  }
  return found;
}

// Height of the line at every column, from the runs it shows in.
std::vector<int> course(const std::vector<Run>& runs, int columns) {
  std::vector<cv::Point2d> points;
  for (const Run& run : runs)
    points.emplace_back(run.box.x + run.box.width / 2.0, run.y);
  std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) {
    return a.x < b.x;
  });
  std::vector<int> heights(static_cast<size_t>(columns));
  size_t next = 0;
  for (int x = 0; x < columns; ++x) {
    while (next < points.size() && points[next].x <= x) ++next;
    double y = points[std::min(next, points.size() - 1)].y;
    if (next > 0 && next < points.size()) {
      const cv::Point2d from = points[next - 1];
      const cv::Point2d to = points[next];
      y = from.y + (to.y - from.y) * (x - from.x) / (to.x - from.x);
    }
    heights[static_cast<size_t>(x)] = cvRound(y);
  }
  return heights;
}

// Clears a line of the given course and thickness from `mask`, looking at what
// crosses it in `given`.
void clear_course(
    const cv::Mat& given,
    cv::Mat& mask,
    const std::vector<int>& heights,
    int thickness
) {
  const auto [low, high] = std::minmax_element(heights.begin(), heights.end());
  const int margin = 3 * thickness + 4;
  const int top = std::max(0, *low - margin);
  const int bottom = std::min(mask.rows, *high + margin + 1);
  if (top >= bottom) return;
  cv::Mat line = cv::Mat::zeros(bottom - top, mask.cols, CV_8U);
  const int half = (thickness + 1) / 2;
  for (int x = 0; x < mask.cols; ++x) {
    const int y = heights[static_cast<size_t>(x)] - top;
    const int from = std::max(0, y - half);
    const int to = std::min(line.rows, y + half + 1);
    if (from < to) line.col(x).rowRange(from, to) = 255;
  }
  cv::Mat part = given.rowRange(top, bottom).clone();
  clear_level(part, line, thickness);
  cv::Mat kept = mask.rowRange(top, bottom);
  kept &= part;
}

double thickness_of(const std::vector<Run>& line) {
  double area = 0, length = 0;
  for (const Run& run : line) {
    area += run.thickness * run.box.width;
    length += run.box.width;
  }
  return area / length;
}

int length_of(const std::vector<Run>& line) {
  int length = 0;
  for (const Run& run : line) length += run.box.width;
  return length;
}

// From the first run's start to the last one's end.
int extent_of(const std::vector<Run>& line) {
  cv::Rect all = line.front().box;
  for (const Run& run : line) all |= run.box;
  return all.width;
}

// Runs that lie on one level, the longest run's first.
std::vector<std::vector<Run>> lines_of(std::vector<Run> runs) {
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) {
    return a.box.width > b.box.width;
  });
  std::vector<std::vector<Run>> lines;
  for (const Run& run : runs) {
    const double x = run.box.x + run.box.width / 2.0;
    const auto own = std::find_if(
        lines.begin(),
        lines.end(),
        [&](const std::vector<Run>& line) {
          const Run& first = line.front();
          const double apart =
              std::abs(x - first.box.x - first.box.width / 2.0);
          return std::abs(run.y - first.y) <= 2 + kLean * apart;
        }
    );
    if (own == lines.end())
      lines.push_back({run});
    else
      own->push_back(run);
  }
  return lines;
}

// Without lines that show, level, over much of `across` pixels.
void clear_long_level(cv::Mat& mask, int across) {
  double thickness = 0;
  const int run = std::max(8, cvRound(kRunPart * across));
  for (const auto& line : lines_of(find_runs(mask, run))) {
    const double own = thickness_of(line);
    const int length = length_of(line);
    if (length >= kLongPart * across && length >= kCovered * extent_of(line) &&
        own * kThinness <= length && (thickness == 0 || own < thickness))
      thickness = own;
  }
  if (thickness == 0) return;
  // Now that it is known what a line is, look for them beside thicker strokes.
  const cv::Mat given = mask.clone();
  const cv::Mat thin =
      given & ~opened(given, upright_kernel(2 * cvCeil(thickness) + 2));
  for (const auto& line : lines_of(find_runs(thin, std::max(8, run / 2)))) {
    const double own = thickness_of(line);
    if (length_of(line) < kLongPartAgain * across || own > kAlike * thickness)
      continue;
    clear_course(given, mask, course(line, mask.cols), cvCeil(own));
  }
}

}  // namespace

cv::Mat without_rules(const cv::Mat& mask) {
  cv::Mat clean = mask.clone();
  const cv::Rect all = cv::boundingRect(clean);
  if (all.empty()) return clean;
  clear_frames(clean);
  clear_long_level(clean, all.width);
  cv::Mat turned = transposed(clean);
  clear_long_level(turned, all.height);
  clean = transposed(turned);
  clear_frames(clean);  // those that hung together with the lines
  return clean;
}

}  // namespace digitorch
