#include "app/predict/page/cuts.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "datasets/vision/paper.h"

namespace digitorch {
namespace {

// The smallest distance between two seams, and between a seam and the ends of
// the component, as a part of the usual height of digits.
constexpr double kMinDistance = 0.16;
// The highest cost of a seam, as a part of the usual height of digits.
constexpr double kMaxCost = 0.5;

// A seam costs 1 for each pixel of full ink, and these amounts for each pixel
// of paper and for each step to the side. So it goes round a stroke rather than
// through it, unless the way round is long.
constexpr float kPaperCost = 0.01F;
constexpr float kSideCost = 0.1F;
// Ink costs less where it is fainter than this part of full ink: only the edges
// of strokes, and what blur put between them.
constexpr double kFaint = 0.7;

// What a seam costs at each pixel of the component.
cv::Mat pixel_costs(const Component& component, const cv::Mat& page) {
  cv::Mat costs(component.mask.size(), CV_32F, cv::Scalar(kPaperCost)), inked;
  if (page.empty()) {
    costs.setTo(1, component.mask);
    return costs;
  }
  const cv::Mat ink = page(component.box);
  ink.convertTo(inked, CV_32F, 1 / (kFaint * full_ink(ink, component.mask)));
  cv::min(inked, 1, inked);
  cv::max(inked, kPaperCost, inked);
  inked.copyTo(costs, component.mask);
  return costs;
}

// The cost of the cheapest path from the first row to each pixel.
cv::Mat costs_from_top(const cv::Mat& pixels) {
  cv::Mat costs(pixels.size(), CV_32F);
  for (int y = 0; y < pixels.rows; ++y)
    for (int x = 0; x < pixels.cols; ++x) {
      const float own = pixels.at<float>(y, x);
      float before = 0;
      if (y > 0) {
        before = costs.at<float>(y - 1, x);
        if (x > 0)
          before = std::min(before, costs.at<float>(y - 1, x - 1) + kSideCost);
        if (x + 1 < pixels.cols)
          before = std::min(before, costs.at<float>(y - 1, x + 1) + kSideCost);
      }
      costs.at<float>(y, x) = before + own;
    }
  return costs;
}

// For each row of a component, a column.
using Columns = std::vector<int>;

// The column of the cheapest path from (row, x) to row 0 in each row, beginning
// with `row`.
Columns path_to_top(const cv::Mat& costs, int row, int x) {
  Columns columns = {x};
  for (int y = row; y > 0; --y) {
    int best = x;
    float least = costs.at<float>(y - 1, x);
    for (int to : {x - 1, x + 1}) {
      if (to < 0 || to >= costs.cols) continue;
      const float cost = costs.at<float>(y - 1, to) + kSideCost;
      if (cost >= least) continue;
      least = cost;
      best = to;
    }
    x = best;
    columns.push_back(x);
  }
  return columns;
}

cv::Mat upside_down(const cv::Mat& mask) {
  cv::Mat flipped;
  cv::flip(mask, flipped, 0);
  return flipped;
}

struct Seam {
  Columns columns;  // the first ones right of the seam
  double cost = 0;
};

// The columns in which seams cross the middle row, with their costs, from left
// to right: the cheapest ones that are far enough from each other.
std::vector<std::pair<int, float>> crossings(
    const std::vector<float>& costs, int height
) {
  const int margin = std::max(1, cvRound(kMinDistance * height));
  std::vector<std::pair<float, int>> cheap;
  for (int x = margin; x < static_cast<int>(costs.size()) - margin; ++x) {
    const float cost = costs[static_cast<size_t>(x)];
    if (cost <= kMaxCost * height) cheap.emplace_back(cost, x);
  }
  std::ranges::sort(cheap);
  std::vector<std::pair<int, float>> chosen;
  for (const auto& [cost, x] : cheap) {
    const auto is_near = [x = x, margin](const auto& other) {
      return std::abs(other.first - x) < margin;
    };
    if (std::ranges::none_of(chosen, is_near)) chosen.emplace_back(x, cost);
  }
  std::ranges::sort(chosen);
  return chosen;
}

std::vector<Seam> find_seams(const cv::Mat& pixels, int height) {
  const cv::Mat down = costs_from_top(pixels);
  const cv::Mat up = costs_from_top(upside_down(pixels));
  const int rows = pixels.rows;
  const int middle = rows / 2;
  std::vector<float> costs;
  for (int x = 0; x < pixels.cols; ++x)
    costs.push_back(
        down.at<float>(middle, x) + up.at<float>(rows - 1 - middle, x)
    );
  std::vector<Seam> seams;
  for (const auto& [x, cost] : crossings(costs, height)) {
    Seam seam{path_to_top(down, middle, x), cost};  // its upper half
    std::ranges::reverse(seam.columns);
    const Columns lower = path_to_top(up, rows - 1 - middle, x);
    seam.columns.insert(seam.columns.end(), lower.begin() + 1, lower.end());
    seams.push_back(std::move(seam));
  }
  return seams;
}

// The component's ink from the columns `from` on, without that from `to` on.
Component between(
    const Component& component, const Columns& from, const Columns& to
) {
  cv::Mat mask = component.mask.clone();
  for (int y = 0; y < mask.rows; ++y) {
    const auto at = static_cast<size_t>(y);
    mask.row(y).colRange(0, std::max(0, from[at])) = 0;
    mask.row(y).colRange(std::min(mask.cols, to[at]), mask.cols) = 0;
  }
  const cv::Rect own = cv::boundingRect(mask);
  return {own + component.box.tl(), mask(own).clone()};
}

Columns moved(Columns columns, int by) {
  for (int& column : columns) column += by;
  return columns;
}

}  // namespace

std::vector<Segment> cut(
    const Component& component, int height, const cv::Mat& ink
) {
  const auto rows = static_cast<size_t>(component.mask.rows);
  const Columns end(rows, component.mask.cols);
  const int stroke = cvRound(stroke_width(component.mask));
  Segment segment;
  Columns from(rows, 0);
  std::vector<Segment> segments;
  for (const Seam& seam : find_seams(pixel_costs(component, ink), height)) {
    segment.component = between(component, from, seam.columns);
    if (!segment.component.box.empty()) segments.push_back(segment);
    from = seam.columns;
    segment.cut = seam.cost;
    segment.before = between(component, moved(from, -stroke), from);
    segment.after = between(component, from, moved(from, stroke));
  }
  segment.component = between(component, from, end);
  if (!segment.component.box.empty()) segments.push_back(segment);
  return segments;
}

}  // namespace digitorch
