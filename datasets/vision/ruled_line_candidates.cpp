#include "datasets/vision/ruled_line_candidates.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <utility>

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
// In pixels: what is narrower both ways is no shadow in a small picture either.
constexpr int kMinBroad = 15;
// The runs of a line are off by so many pixels and, since it may lean or bend,
// by so many a pixel from the middle of one to that of the next.
constexpr double kApart = 2;
constexpr double kLean = 0.01;
// A line's middle is within so many pixels of a parabola.
constexpr double kWavy = 2.5;
// Bending needs proof where few points show the line. This is added to the sum
// of x^4 of its points, which are at x = -0.5 to 0.5 of the width: it outweighs
// 64 points at the ends.
constexpr double kStraightness = 4;
// The parabola is fitted so many times more, to the points that are near it.
constexpr int kFits = 3;
// Lines are followed in steps of so many columns.
constexpr int kStep = 3;
// Where a line is more than so many times as thick as usual, there is a stroke.
constexpr double kThicker = 2;

// Pixels of a column that hang together.
struct Piece {
  double middle = 0;  // row
  int height = 0;     // 0: there is none
};

Piece nearest_piece(const cv::Mat& column, double row) {
  Piece nearest;
  double least = column.rows;
  for (int y = 0; y < column.rows;) {
    const int top = y;
    while (y < column.rows && column.at<uint8_t>(y) != 0) ++y;
    const double middle = (top + y - 1) / 2.0;
    if (y > top && std::abs(middle - row) < least) {
      least = std::abs(middle - row);
      nearest = {middle, y - top};
    }
    ++y;
  }
  return nearest;
}

int fullest_row(const cv::Mat& mask) {
  cv::Mat counts;
  cv::reduce(mask, counts, 1, cv::REDUCE_SUM, CV_32S);
  cv::Point place;
  cv::minMaxLoc(counts, nullptr, nullptr, nullptr, &place);
  return place.y;
}

// Follows the line through the run from its middle to either end, and adds its
// points. Where it is much thicker a stroke lies on it, and hides its middle.
// mask: of the run's box, 255 where it is.
void add_run(LineCandidate& line, const LineRun& run, const cv::Mat& mask) {
  std::vector<int> heights;
  const int row = fullest_row(mask);
  for (int x = 0; x < mask.cols; x += kStep)
    heights.push_back(nearest_piece(mask.col(x), row).height);
  const int usual = std::max(1, median_of(heights));
  const int steps = static_cast<int>(heights.size());
  int begin = 0;  // the step that is as thick as usual, nearest to the middle
  for (int i = 0; i < steps; ++i)
    if (heights[static_cast<size_t>(i)] == usual &&
        std::abs(2 * i - steps) < std::abs(2 * begin - steps))
      begin = i;
  for (const int way : {1, -1}) {
    double last = nearest_piece(mask.col(begin * kStep), row).middle;
    int seen = begin;
    for (int i = way > 0 ? begin : begin - 1; i >= 0 && i < steps; i += way) {
      const Piece piece = nearest_piece(mask.col(i * kStep), last);
      const double most = kApart + kLean * kStep * std::abs(i - seen);
      if (piece.height == 0 || piece.height > kThicker * usual ||
          std::abs(piece.middle - last) > most)
        continue;
      last = piece.middle;
      seen = i;
      line.area += piece.height;
      line.middles.emplace_back(run.box.x + i * kStep, run.box.y + last);
    }
  }
  line.runs.push_back(run);
}

// How far the run is from where the line is or would continue, in parts of what
// a line may lean and bend.
double distance_from(const LineCandidate& line, const LineRun& run) {
  const LineRun* nearest = nullptr;
  for (const LineRun& own : line.runs)
    if (nearest == nullptr || std::abs(own.column() - run.column()) <
                                  std::abs(nearest->column() - run.column()))
      nearest = &own;
  const int gap = std::abs(nearest->column() - run.column());
  return std::abs(nearest->row - run.row) / (kApart + kLean * gap);
}

// y = a + b x + c x^2, fitted to the points by least squares.
cv::Vec3d fitted_bend(const std::vector<cv::Point2d>& points, double columns) {
  cv::Matx33d squares = cv::Matx33d::eye() * 1e-6;
  squares(2, 2) += kStraightness;
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

}  // namespace

int LineRun::column() const { return box.x + box.width / 2; }

int LineCandidate::length() const {
  return kStep * static_cast<int>(middles.size());
}

double LineCandidate::thickness() const { return kStep * area / length(); }

cv::Range LineCandidate::columns() const {
  cv::Rect all;
  for (const LineRun& run : runs) all |= run.box;
  return {all.x, all.br().x};
}

cv::Mat visible_ink(const cv::Mat& ink) { return ink > kFaintest; }

cv::Mat narrow_ink(const cv::Mat& ink) {
  cv::Mat smooth;
  cv::blur(ink, smooth, {kAlong, 1});
  const int side =
      std::max(kMinBroad, cvRound(kBroad * std::max(ink.rows, ink.cols)));
  smooth -= opened(smooth, cv::Mat::ones(side, side, CV_8U));
  return closed(smooth > kFaintest, horizontal_kernel(kBridged));
}

cv::Mat thin_parts(const cv::Mat& mask, int thickness) {
  const cv::Mat thin = mask & ~opened(mask, vertical_kernel(2 * thickness + 2));
  const int bridged = kBridged + kAlong + 3 * thickness;
  return closed(thin, horizontal_kernel(bridged)) & mask;
}

std::vector<LineCandidate> find_line_candidates(
    const cv::Mat& mask, int length, double thinness
) {
  const Labels labels = labelled(horizontal_runs(mask, length));
  std::vector<std::pair<LineRun, int>> runs;
  for (const int i : labels.bounded()) {
    const cv::Rect box = labels.box(i);
    if (thinness * labels.area(i) > box.width * box.width) continue;
    std::vector<cv::Point> pixels;
    cv::findNonZero(labels.mask(i), pixels);
    runs.push_back({{box, box.y + pixels[pixels.size() / 2].y}, i});
  }
  // The longest are put together first, since short ones may be parts of
  // strokes.
  std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) {
    return a.first.box.width > b.first.box.width;
  });
  std::vector<LineCandidate> found;
  for (const auto& [run, label] : runs) {
    LineCandidate* own = nullptr;
    double least = 1;
    for (LineCandidate& line : found) {
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

double darkness_of(const LineCandidate& line, const cv::Mat& ink, double part) {
  std::vector<uint8_t> levels;
  for (const cv::Point2d& point : line.middles)
    levels.push_back(ink.at<uint8_t>(cvRound(point.y), cvRound(point.x)));
  return quantile_of(std::move(levels), part);
}

bool is_even(const LineCandidate& line, const cv::Mat& ink) {
  constexpr double kFaintestPart = 0.1;  // of its length
  constexpr double kUsualPart = 0.3;     // less than is written on
  constexpr double kEven = 0.5;          // of the usual darkness
  return darkness_of(line, ink, kFaintestPart) >=
         kEven * darkness_of(line, ink, kUsualPart);
}

std::vector<float> course_of(const LineCandidate& line, int columns) {
  cv::Vec3d bend = fitted_bend(line.middles, columns);
  for (int round = 0; round < kFits; ++round) {
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

}  // namespace digitorch
