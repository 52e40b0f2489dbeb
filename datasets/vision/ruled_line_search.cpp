#include "datasets/vision/ruled_line_search.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>

#include "datasets/vision/line_angle.h"
#include "datasets/vision/morphology.h"
#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// Ink fainter than this, of 255, makes no line that anyone would see.
constexpr int kFaintest = 20;
// Noise and grain average out over so many pixels along a line.
constexpr int kAlong = 3;
// Breaks of at most so many pixels are noise.
constexpr int kBridged = 5;
// What is broader both ways, as a part of the page's longer side, is no line
// but a shadow.
constexpr double kBroad = 0.02;

// A ruled line shows over so much of its own way, unlike strokes that chance
// put in a row.
constexpr double kCovered = 0.7;
// Together with what is written on it, it shows over so much.
constexpr double kInked = 0.9;
// Further lines are at most this much thicker than the known ones,
constexpr double kAlike = 2;
// and so many times darker.
constexpr double kAlikeDark = 1.4;
// A line shows in runs of at least this part of the page's width,
constexpr double kRunPart = 0.05;
// which are off by so many pixels and, since it may lean or bend, by so many a
// pixel from the middle of one to that of the next,
constexpr double kApart = 2;
constexpr double kLean = 0.01;
// and is so many times longer than thick.
constexpr double kThinness = 30;
// Of the picture's shorter side: a line that runs from edge to edge of the
// picture of a single digit is thinner.
constexpr double kMostThickness = 0.025;
// At either end, this part of a line may be missing.
constexpr double kEnd = 0.06;
// A line's middle is within so many pixels of a parabola.
constexpr double kWavy = 2.5;
// Lines are followed in steps of so many columns.
constexpr int kStep = 3;

// Of lines from edge to edge, in pixels.
int most_thickness(const cv::Mat& ink) {
  return cvRound(kMostThickness * std::min(ink.rows, ink.cols));
}

struct Run {
  cv::Rect box;
  int row = 0;  // above which half of it is

  int column() const { return box.x + box.width / 2; }
};

// Runs of pixels that may be one line; at least one.
struct Candidate {
  std::vector<Run> runs;
  std::vector<cv::Point2d> middles;  // in every kStep-th column of the runs
  double area = 0;                   // of these columns, in pixels

  int length() const { return kStep * static_cast<int>(middles.size()); }
  double thickness() const { return kStep * area / length(); }  // mean, pixels
  // From the first run to the last.
  cv::Range columns() const {
    cv::Rect all;
    for (const Run& run : runs) all |= run.box;
    return {all.x, all.br().x};
  }
};

// What may be lines: no broad parts, little noise.
cv::Mat narrow_ink(const cv::Mat& ink) {
  cv::Mat smooth;
  cv::blur(ink, smooth, {kAlong, 1});
  const int side = std::max(15, cvRound(kBroad * std::max(ink.rows, ink.cols)));
  smooth -= opened(smooth, cv::Mat::ones(side, side, CV_8U));
  return closed(smooth > kFaintest, horizontal_kernel(kBridged));
}

// What may be lines up to that thickness, which thicker strokes do not break.
cv::Mat thin_parts(const cv::Mat& mask, int thickness) {
  const cv::Mat thin = mask & ~opened(mask, vertical_kernel(2 * thickness + 2));
  const int bridged = kBridged + kAlong + 3 * thickness;
  return closed(thin, horizontal_kernel(bridged)) & mask;
}

// mask: of the run's box, 255 where it is.
void add_run(Candidate& line, const Run& run, const cv::Mat& mask) {
  for (int x = 0; x < mask.cols; x += kStep) {
    const cv::Moments column = cv::moments(mask.col(x), true);
    if (column.m00 == 0) continue;
    line.area += column.m00;
    line.middles.emplace_back(
        run.box.x + x, run.box.y + column.m01 / column.m00
    );
  }
  line.runs.push_back(run);
}

// How far the run is from where the line is or would continue, in parts of what
// a line may lean and bend.
double distance_from(const Candidate& line, const Run& run) {
  const Run* nearest = nullptr;
  for (const Run& own : line.runs)
    if (nearest == nullptr || std::abs(own.column() - run.column()) <
                                  std::abs(nearest->column() - run.column()))
      nearest = &own;
  const int gap = std::abs(nearest->column() - run.column());
  return std::abs(nearest->row - run.row) / (kApart + kLean * gap);
}

// Runs of at least `length` pixels and `thinness` times longer than thick;
// those that continue each other together. The longest are put together first,
// since short ones may be parts of strokes.
std::vector<Candidate> find_candidates(
    const cv::Mat& mask, int length, double thinness
) {
  const Labels labels = labelled(horizontal_runs(mask, length));
  std::vector<std::pair<Run, int>> runs;
  for (int i = 1; i < labels.count; ++i) {
    const cv::Rect box = labels.box(i);
    if (thinness * labels.area(i) > box.width * box.width) continue;
    std::vector<cv::Point> pixels;
    cv::findNonZero(labels.mask(i), pixels);
    runs.push_back({{box, box.y + pixels[pixels.size() / 2].y}, i});
  }
  std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) {
    return a.first.box.width > b.first.box.width;
  });
  std::vector<Candidate> found;
  for (const auto& [run, label] : runs) {
    Candidate* own = nullptr;
    double least = 1;
    for (Candidate& line : found) {
      const double distance = distance_from(line, run);
      if (distance >= least) continue;
      own = &line;
      least = distance;
    }
    if (own == nullptr) own = &found.emplace_back();
    add_run(*own, run, labels.mask(label));
  }
  return found;
}

// The level of ink that `part` of the candidate's middles do not reach.
double darkness_of(const Candidate& line, const cv::Mat& ink, double part) {
  std::vector<uint8_t> levels;
  for (const cv::Point2d& point : line.middles)
    levels.push_back(ink.at<uint8_t>(cvRound(point.y), cvRound(point.x)));
  return quantile_of(std::move(levels), part);
}

// Whether the line is about as dark all the way, but for what is written on it:
// the feet of printed digits that a blur joined are not.
bool is_even(const Candidate& line, const cv::Mat& ink) {
  constexpr double kFaintestPart = 0.1;  // of its length
  constexpr double kUsualPart = 0.3;     // less than is written on
  constexpr double kEven = 0.5;          // of the usual darkness
  return darkness_of(line, ink, kFaintestPart) >=
         kEven * darkness_of(line, ink, kUsualPart);
}

// y = a + b x + c x^2, fitted to the points by least squares.
cv::Vec3d fitted_bend(const std::vector<cv::Point2d>& points, double columns) {
  cv::Matx33d squares = cv::Matx33d::eye() * 1e-6;
  // Bending needs proof, where few points show the line.
  squares(2, 2) += 4;
  cv::Vec3d products;
  for (const cv::Point2d& point : points) {
    const double x = point.x / columns - 0.5;
    const cv::Vec3d powers(1, x, x * x);
    squares += powers * powers.t();
    products += powers * point.y;
  }
  return squares.solve(products, cv::DECOMP_CHOLESKY);
}

double row_at(const cv::Vec3d& bend, double x, double columns) {
  const double at = x / columns - 0.5;
  return bend[0] + bend[1] * at + bend[2] * at * at;
}

// The row of the line's middle in each of that many columns.
std::vector<float> course_of(const Candidate& line, int columns) {
  cv::Vec3d bend = fitted_bend(line.middles, columns);
  for (int round = 0; round < 3; ++round) {
    std::vector<cv::Point2d> near;
    for (const cv::Point2d& point : line.middles)
      if (std::abs(point.y - row_at(bend, point.x, columns)) <= kWavy)
        near.push_back(point);
    if (near.empty()) break;
    bend = fitted_bend(near, columns);
  }
  std::vector<float> rows;
  for (int x = 0; x < columns; ++x)
    rows.push_back(static_cast<float>(row_at(bend, x, columns)));
  return rows;
}

// Part of the columns in which there is ink on the course: strokes that cross
// the line count.
double inked_part(
    const std::vector<float>& course,
    const cv::Range& columns,
    const cv::Mat& ink
) {
  int inked = 0;
  for (int x = columns.start; x < columns.end; ++x) {
    const int y = cvRound(course[static_cast<size_t>(x)]);
    inked += y >= 0 && y < ink.rows && ink.at<uint8_t>(y, x) > kFaintest;
  }
  return static_cast<double>(inked) / columns.size();
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

// Whether the line runs, with hardly a gap, from edge to edge of a page of that
// many rows, on most of the page's width.
bool runs_across(const Candidate& line, const Level& level, int rows) {
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
    const std::vector<Candidate>& candidates,
    const cv::Mat& ink,
    double least,
    const IsAcross& is_across
) {
  std::vector<double> thicknesses, darknesses;
  for (const Candidate& line : candidates) {
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
  const int across = cv::boundingRect(ink > kFaintest).width;
  if (across == 0) return {};
  const Level level = levelled(ink, search.most_degrees);
  const cv::Mat mask = narrow_ink(level.ink);
  const int length = std::max(8, cvRound(kRunPart * across));
  const auto find = [&](const cv::Mat& where, int least) {
    return find_candidates(where, least, search.run_thinness);
  };
  const auto is_across = [&](const Candidate& line) {
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
  for (const Candidate& line : find(
           thin_parts(mask, cvCeil(kind->thickness)), std::max(8, length / 2)
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
      for (const Run& run : line.runs)
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
