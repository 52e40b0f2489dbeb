#include "datasets/vision/ruled_line_search.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>

#include "datasets/vision/line_angle.h"
#include "datasets/vision/quantiles.h"
#include "datasets/vision/ruled_line_candidates.h"

namespace digitorch {
namespace {

// A ruled line shows over so much of its own way, unlike strokes that chance
// put in a row.
constexpr double kCovered = 0.7;
// Together with what is written on it, it shows over so much.
constexpr double kInked = 0.9;
// Further lines are at most this much thicker than the known ones,
constexpr double kAlike = 2;
// and so many times darker.
constexpr double kAlikeDark = 1.4;
// A line shows in runs of at least this part of the page's width.
constexpr double kRunPart = 0.05;
// It shows in runs of at least so many pixels.
constexpr int kMinRun = 8;
// A line is so many times longer than thick.
constexpr double kThinness = 30;
// Of the picture's shorter side: a line that runs from edge to edge of the
// picture of a single digit is thinner.
constexpr double kMostThickness = 0.025;
// At either end, this part of a line may be missing.
constexpr double kEnd = 0.06;

// Of lines from edge to edge, in pixels.
int most_thickness(const cv::Mat& ink) {
  return cvRound(kMostThickness * std::min(ink.rows, ink.cols));
}

// The ink of a page, in which lines of that slope are horizontal.
struct Level {
  cv::Mat ink;
  double slope = 0;
  double down = 0;  // pixels by which the first column is lower

  // From a row of `ink` to one of the page.
  float row(float y, int x) const {
    return static_cast<float>(y + slope * x - down);
  }
};

Level levelled(const cv::Mat& ink, double most_degrees) {
  if (most_degrees == 0) return {ink};
  const double degrees = find_line_angle(
                             thin_parts(narrow_ink(ink), most_thickness(ink)),
                             {.most_degrees = most_degrees, .across = true}
  )
                             .degrees;
  const double slope = std::tan(degrees * CV_PI / 180);
  const double drop = slope * ink.cols;
  Level level{{}, slope, std::max(0.0, drop)};
  cv::warpAffine(
      ink,
      level.ink,
      cv::Matx23d(1, 0, 0, -slope, 1, level.down),
      {ink.cols, ink.rows + cvCeil(std::abs(drop))}
  );
  return level;
}

// Whether ink with that bounding box comes so near to the page's edges that a
// line from edge to edge may be among it: near to the left and the right one,
// or, since lines may lean, near to the upper or the lower one.
bool may_run_across(const cv::Rect& box, const cv::Size& page) {
  // The ends of a line may be missing, and levelling may move them by a pixel.
  const int margin = cvCeil(kEnd * page.width) + 1;
  return (box.x <= margin && box.br().x + margin >= page.width) ||
         box.y <= margin || box.br().y + margin >= page.height;
}

// Whether the line runs, with hardly a gap, from edge to edge of a page of that
// many rows, on most of the page's width.
bool runs_across(const LineCandidate& line, const Level& level, int rows) {
  const std::vector<float> course = course_of(line, level.ink.cols);
  cv::Range inside(level.ink.cols, 0);
  for (int x = 0; x < level.ink.cols; ++x) {
    const float y = level.row(course[static_cast<size_t>(x)], x);
    if (y < 0 || y >= static_cast<float>(rows)) continue;
    inside.start = std::min(inside.start, x);
    inside.end = x + 1;
  }
  const double end = kEnd * inside.size();
  return 2 * inside.size() >= level.ink.cols &&
         line.columns().start <= inside.start + end &&
         line.columns().end >= inside.end - end &&
         inked_part(course, line.columns(), level.ink) >= kInked;
}

// What the ruled lines of a page have in common.
struct Kind {
  double thickness = 0;
  double darkness = 0;  // of 255
};

// The kind of the candidates that surely are ruled lines; nothing where none
// is.
template <class IsAcross>
std::optional<Kind> kind_of_lines(
    const std::vector<LineCandidate>& candidates,
    const cv::Mat& ink,
    double least,
    const IsAcross& is_across
) {
  std::vector<double> thicknesses, darknesses;
  for (const LineCandidate& line : candidates) {
    if (line.length() < least || line.thickness() * kThinness > line.length() ||
        !is_even(line, ink) || !is_across(line))
      continue;
    thicknesses.push_back(line.thickness());
    darknesses.push_back(darkness_of(line, ink, 0.5));
  }
  if (thicknesses.empty()) return std::nullopt;
  return Kind{
      median_of(thicknesses),
      *std::max_element(darknesses.begin(), darknesses.end())};
}

}  // namespace

std::vector<RuledLine> find_ruled_lines(
    const cv::Mat& ink, const RuledLineSearch& search
) {
  const cv::Rect box = cv::boundingRect(visible_ink(ink));
  const int across = box.width;
  if (box.empty() || (search.to_edges && !may_run_across(box, ink.size())))
    return {};
  const Level level = levelled(ink, search.most_degrees);
  const cv::Mat mask = narrow_ink(level.ink);
  const int length = std::max(kMinRun, cvRound(kRunPart * across));
  const auto find = [&](const cv::Mat& where, int least) {
    return find_line_candidates(where, least, search.run_thinness);
  };
  const auto is_across = [&](const LineCandidate& line) {
    return search.to_edges ? runs_across(line, level, ink.rows)
                           : line.length() >= kCovered * line.columns().size();
  };
  const std::optional<Kind> kind = kind_of_lines(
      find(
          search.to_edges ? thin_parts(mask, most_thickness(ink)) : mask, length
      ),
      level.ink,
      search.long_part * across,
      is_across
  );
  if (!kind) return {};
  // Now that it is known what a line is, look for them beside thicker strokes,
  // which do not break them.
  const double least = search.long_part_again * across;
  std::vector<RuledLine> lines;
  for (const LineCandidate& line : find(
           thin_parts(mask, cvCeil(kind->thickness)),
           std::max(kMinRun, length / 2)
       )) {
    if (line.length() < least || line.thickness() > kAlike * kind->thickness ||
        (search.to_edges && !is_across(line)))
      continue;
    RuledLine found{course_of(line, mask.cols), {}, line.thickness()};
    found.shown.resize(found.course.size());
    const auto show = [&](const cv::Range& columns) {
      const auto first = found.shown.begin();
      std::fill(first + columns.start, first + columns.end, true);
    };
    if (inked_part(found.course, line.columns(), level.ink) >= kInked)
      show(line.columns());
    // Or it may be strokes in a row, which are shorter or darker.
    else if (is_even(line, level.ink) && darkness_of(line, level.ink, 0.5) <= kAlikeDark * kind->darkness)
      for (const LineRun& run : line.runs)
        if (run.box.width >= least) show({run.box.x, run.box.br().x});
    for (int x = 0; x < mask.cols; ++x) {
      float& row = found.course[static_cast<size_t>(x)];
      row = level.row(row, x);
    }
    lines.push_back(std::move(found));
  }
  return lines;
}

}  // namespace digitorch
