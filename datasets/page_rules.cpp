#include "datasets/page_rules.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

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

// A side of a frame is straight over so much of it.
constexpr double kSidePart = 0.7;
// How thick the sides of a frame may be, beside its smaller side.
constexpr double kFrameThickness = 0.07;
constexpr int kMostLean = 2;     // pixels off straight
constexpr int kMostInFrame = 4;  // lines either way; a table has more
constexpr int kLeastFrame = 16;  // pixels

cv::Mat level_kernel(int length) { return cv::Mat::ones(1, length, CV_8U); }
cv::Mat upright_kernel(int length) { return cv::Mat::ones(length, 1, CV_8U); }

cv::Mat opened(const cv::Mat& mask, const cv::Mat& kernel) {
  cv::Mat result;
  cv::morphologyEx(mask, result, cv::MORPH_OPEN, kernel);
  return result;
}

cv::Mat closed(const cv::Mat& mask, const cv::Mat& kernel) {
  cv::Mat result;
  cv::morphologyEx(mask, result, cv::MORPH_CLOSE, kernel);
  return result;
}

// What is left of an opening with a level kernel of that length, which would
// take time in proportion to it.
cv::Mat level_runs(const cv::Mat& mask, int length) {
  cv::Mat runs = cv::Mat::zeros(mask.size(), CV_8U);
  for (int y = 0; y < mask.rows; ++y) {
    const uint8_t* from = mask.ptr<uint8_t>(y);
    uint8_t* to = runs.ptr<uint8_t>(y);
    for (int x = 0; x < mask.cols;) {
      const int start = x;
      while (x < mask.cols && from[x] != 0) ++x;
      if (x - start >= length) std::fill(to + start, to + x, uint8_t{255});
      ++x;
    }
  }
  return runs;
}

cv::Mat transposed(const cv::Mat& mask) {
  cv::Mat result;
  cv::transpose(mask, result);
  return result;
}

cv::Rect box_of(const cv::Mat& facts, int i) {
  return {
      facts.at<int>(i, cv::CC_STAT_LEFT),
      facts.at<int>(i, cv::CC_STAT_TOP),
      facts.at<int>(i, cv::CC_STAT_WIDTH),
      facts.at<int>(i, cv::CC_STAT_HEIGHT)};
}

// Clears level lines, `line`, of that thickness from the mask. What is thicker
// than the line, there, is a stroke that crosses it.
void clear_level(cv::Mat& mask, const cv::Mat& line, int thickness) {
  cv::Mat band;
  cv::dilate(line, band, upright_kernel(2 * (thickness / 2 + 1) + 1));
  const cv::Mat strokes = opened(mask, upright_kernel(2 * thickness + 2));
  mask.setTo(0, band & ~strokes);
}

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
    const cv::Rect box = box_of(facts, i);
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
  cv::dilate(part, thick, upright_kernel(2 * lean + 1));
  const cv::Mat level = level_runs(thick, cvRound(kSidePart * part.cols));
  cv::dilate(part, thick, level_kernel(2 * lean + 1));
  const cv::Mat upright =
      transposed(level_runs(transposed(thick), cvRound(kSidePart * part.rows)));
  const Sides rows = find_sides(part, level);
  const Sides columns = find_sides(transposed(part), transposed(upright));
  if (rows.lines == 0 || columns.lines == 0) return false;
  // Squared paper is looked at line by line, since text hangs together with it.
  if (std::min(rows.lines, columns.lines) > kMostInFrame) return false;
  const double thickness = std::max(rows.thickness, columns.thickness);
  if (thickness > kFrameThickness * least) return false;
  const int reach = std::max(2, least / 20);
  int corners = 0;
  for (int y : {rows.first, rows.last})
    for (int x : {columns.first, columns.last})
      corners += has_ink(level & upright, x, y, reach);
  if (corners < 3) return false;
  cv::Mat clean = part.clone();
  clear_level(clean, level & part, cvCeil(thickness) + 1);
  cv::Mat turned = transposed(part);
  clear_level(turned, transposed(upright & part), cvCeil(thickness) + 1);
  cv::bitwise_and(clean, transposed(turned), part);
  return true;
}

void clear_frames(cv::Mat& mask) {
  cv::Mat labels, facts, centres;
  const int count = cv::connectedComponentsWithStats(
      closed(mask, cv::Mat::ones(3, 3, CV_8U)), labels, facts, centres
  );
  for (int i = 1; i < count; ++i) {
    const cv::Rect box = box_of(facts, i);
    if (std::min(box.width, box.height) < kLeastFrame) continue;
    const cv::Mat own = labels(box) == i;
    cv::Mat part = own & mask(box);
    if (clear_frame(part)) part.copyTo(mask(box), own);
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
