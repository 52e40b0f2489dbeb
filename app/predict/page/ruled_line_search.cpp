#include "app/predict/page/ruled_line_search.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "datasets/vision/morphology.h"
#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// A run is so many times longer than thick; a pen's stroke is not.
constexpr double kThinness = 7.5;
// By how much a line may lean still, or bend: the page has been turned upright.
constexpr double kLean = 0.01;
// So many pixels of a line show how much it leans.
constexpr double kShowsSlope = 100;
// A line bends evenly but for so many pixels.
constexpr double kWavy = 2.5;

std::vector<cv::Point2d> middles_of(
    const cv::Mat& labels, const cv::Rect& box, int label
) {
  constexpr int kStep = 3;
  std::vector<cv::Point2d> middles;
  for (int x = box.x; x < box.br().x; x += kStep) {
    double sum = 0;
    int count = 0;
    for (int y = box.y; y < box.br().y; ++y)
      if (labels.at<int>(y, x) == label) {
        sum += y;
        ++count;
      }
    if (count > 0) middles.emplace_back(x, sum / count);
  }
  return middles;
}

// The level of ink that `part` of the points do not reach.
double darkness_at(
    const std::vector<cv::Point2d>& points, const cv::Mat& ink, double part
) {
  std::vector<uint8_t> levels;
  for (const cv::Point2d& point : points)
    levels.push_back(ink.at<uint8_t>(cvRound(point.y), cvRound(point.x)));
  return quantile_of(std::move(levels), part);
}

// Whether the run is about as dark all the way, but for what is written on it:
// the feet of printed digits that a blur made one are not.
bool is_even(const std::vector<cv::Point2d>& middles, const cv::Mat& ink) {
  constexpr double kFaintest = 0.1;  // parts of its length
  constexpr double kUsual = 0.3;     // less than is written on
  constexpr double kEven = 0.5;      // of the usual darkness
  return darkness_at(middles, ink, kFaintest) >=
         kEven * darkness_at(middles, ink, kUsual);
}

std::vector<LineSegment> find_text_lines(
    const cv::Mat& mask, const cv::Mat& ink, int length
) {
  const cv::Mat runs = horizontal_runs(mask, length);
  cv::Mat labels, facts, centres;
  const int count =
      cv::connectedComponentsWithStats(runs, labels, facts, centres);
  std::vector<LineSegment> found;
  for (int i = 1; i < count; ++i) {
    const cv::Rect box = component_box(facts, i);
    const double thickness =
        static_cast<double>(facts.at<int>(i, cv::CC_STAT_AREA)) / box.width;
    if (thickness * kThinness > box.width) continue;
    const std::vector<cv::Point2d> middles = middles_of(labels, box, i);
    found.push_back(
        {box,
         thickness,
         darkness_at(middles, ink, 0.5),
         is_even(middles, ink),
         middles}
    );
  }
  return found;
}

// Where the line of these runs, left to right, would go on at column x.
double goes_on_at(const RuledLine& line, double x) {
  const cv::Point2d first = line.front().middles.front();
  const cv::Point2d last = line.back().middles.back();
  const double length = last.x - first.x;
  const double slope = length >= kShowsSlope ? (last.y - first.y) / length : 0;
  return last.y + slope * (x - last.x);
}

// Runs that go on in each other.
std::vector<RuledLine> lines_of(std::vector<LineSegment> runs) {
  std::sort(
      runs.begin(),
      runs.end(),
      [](const LineSegment& a, const LineSegment& b) {
        return a.box.x < b.box.x;
      }
  );
  std::vector<RuledLine> lines;
  for (const LineSegment& run : runs) {
    RuledLine* own = nullptr;
    double least = 0;
    for (RuledLine& line : lines) {
      const cv::Point2d start = run.middles.front();
      const double gap = std::max(0.0, start.x - line.back().middles.back().x);
      const double off = std::abs(start.y - goes_on_at(line, start.x));
      if (off > 2 + kLean * gap || (own != nullptr && off >= least)) continue;
      own = &line;
      least = off;
    }
    if (own == nullptr)
      lines.push_back({run});
    else
      own->push_back(run);
  }
  return lines;
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

double height_at(const cv::Vec3d& bend, double x, double columns) {
  const double at = x / columns - 0.5;
  return bend[0] + bend[1] * at + bend[2] * at * at;
}

}  // namespace

std::vector<RuledLine> find_rule_lines(
    const cv::Mat& mask, const cv::Mat& ink, int length
) {
  return lines_of(find_text_lines(mask, ink, length));
}

double thickness_of(const RuledLine& line) {
  double area = 0, length = 0;
  for (const LineSegment& run : line) {
    area += run.thickness * run.box.width;
    length += run.box.width;
  }
  return area / length;
}

int length_of(const RuledLine& line) {
  int length = 0;
  for (const LineSegment& run : line) length += run.box.width;
  return length;
}

cv::Range columns_of(const RuledLine& line) {
  cv::Rect all = line.front().box;
  for (const LineSegment& run : line) all |= run.box;
  return {all.x, all.br().x};
}

double darkness_of(const RuledLine& line) {
  std::vector<double> all;
  for (const LineSegment& run : line) all.push_back(run.darkness);
  return median_of(std::move(all));
}

std::vector<float> course_of(const RuledLine& line, int columns) {
  std::vector<cv::Point2d> points;
  for (const LineSegment& run : line)
    points.insert(points.end(), run.middles.begin(), run.middles.end());
  cv::Vec3d bend = fitted_bend(points, columns);
  for (int round = 0; round < 3; ++round) {
    std::vector<cv::Point2d> near;
    for (const cv::Point2d& point : points)
      if (std::abs(point.y - height_at(bend, point.x, columns)) <= kWavy)
        near.push_back(point);
    if (near.empty()) break;
    bend = fitted_bend(near, columns);
  }
  std::vector<float> heights(static_cast<size_t>(columns));
  for (int x = 0; x < columns; ++x)
    heights[static_cast<size_t>(x)] =
        static_cast<float>(height_at(bend, x, columns));
  return heights;
}

}  // namespace digitorch
