#include "app/predict/page/cuts.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace digitorch {
namespace {

// Beside the height of digits: cuts are so far apart, and cross at most so
// much ink.
constexpr double kApart = 0.16;
constexpr double kMostInk = 0.5;

// A cut costs 1 for each pixel of ink, this for each of paper and this for each
// step to the side: it goes round a stroke rather than through it, but not far.
constexpr float kPaper = 0.01F;
constexpr float kSideways = 0.1F;

// Costs of the cheapest way from the mask's first row to each pixel.
cv::Mat ways_down(const cv::Mat& mask) {
  cv::Mat costs(mask.size(), CV_32F);
  for (int y = 0; y < mask.rows; ++y)
    for (int x = 0; x < mask.cols; ++x) {
      const float own = mask.at<uint8_t>(y, x) != 0 ? 1 : kPaper;
      float before = 0;
      if (y > 0) {
        before = costs.at<float>(y - 1, x);
        if (x > 0)
          before = std::min(before, costs.at<float>(y - 1, x - 1) + kSideways);
        if (x + 1 < mask.cols)
          before = std::min(before, costs.at<float>(y - 1, x + 1) + kSideways);
      }
      costs.at<float>(y, x) = before + own;
    }
  return costs;
}

// The columns of the way up from (row, x), one for each row from `row` to 0.
std::vector<int> way_up(const cv::Mat& costs, int row, int x) {
  std::vector<int> columns = {x};
  for (int y = row; y > 0; --y) {
    int best = x;
    float least = costs.at<float>(y - 1, x);
    for (int to : {x - 1, x + 1}) {
      if (to < 0 || to >= costs.cols) continue;
      const float cost = costs.at<float>(y - 1, to) + kSideways;
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
  std::vector<int> columns;  // the first one right of it, for each row
  double ink = 0;
};

std::vector<Seam> find_seams(const Component& component, int height) {
  const cv::Mat down = ways_down(component.mask);
  const cv::Mat up = ways_down(upside_down(component.mask));
  const int rows = component.mask.rows;
  const int middle = rows / 2;
  const int margin = std::max(2, cvRound(kApart * height));
  std::vector<std::pair<float, int>> places;
  for (int x = margin; x < component.mask.cols - margin; ++x) {
    const float cost =
        down.at<float>(middle, x) + up.at<float>(rows - 1 - middle, x);
    if (cost <= kMostInk * height) places.emplace_back(cost, x);
  }
  std::sort(places.begin(), places.end());
  std::vector<std::pair<int, float>> chosen;  // column, cost
  for (const auto& [cost, x] : places) {
    const auto near = [x = x, margin](const auto& other) {
      return std::abs(other.first - x) < margin;
    };
    if (std::none_of(chosen.begin(), chosen.end(), near))
      chosen.emplace_back(x, cost);
  }
  std::sort(chosen.begin(), chosen.end());
  std::vector<Seam> seams;
  for (const auto& [x, cost] : chosen) {
    Seam seam{std::vector<int>(static_cast<size_t>(rows)), cost};
    const std::vector<int> upper = way_up(down, middle, x);
    const std::vector<int> lower = way_up(up, rows - 1 - middle, x);
    for (int y = 0; y <= middle; ++y)
      seam.columns[static_cast<size_t>(y)] =
          upper[static_cast<size_t>(middle - y)];
    for (int y = middle; y < rows; ++y)
      seam.columns[static_cast<size_t>(y)] =
          lower[static_cast<size_t>(y - middle)];
    seams.push_back(std::move(seam));
  }
  return seams;
}

}  // namespace

std::vector<Part> cut(const Component& component, int height) {
  const std::vector<Seam> seams = find_seams(component, height);
  std::vector<cv::Mat> parts(seams.size() + 1);
  for (cv::Mat& part : parts)
    part = cv::Mat::zeros(component.mask.size(), CV_8U);
  for (int y = 0; y < component.mask.rows; ++y)
    for (int x = 0; x < component.mask.cols; ++x) {
      if (component.mask.at<uint8_t>(y, x) == 0) continue;
      size_t at = 0;
      for (const Seam& seam : seams)
        at += seam.columns[static_cast<size_t>(y)] <= x;
      parts[at].at<uint8_t>(y, x) = 255;
    }
  std::vector<Part> components;
  for (size_t i = 0; i < parts.size(); ++i) {
    const cv::Rect ink = cv::boundingRect(parts[i]);
    if (ink.empty()) continue;
    components.push_back(
        {{ink + component.box.tl(), parts[i](ink).clone()},
         i == 0 ? 0 : seams[i - 1].ink}
    );
  }
  return components;
}

}  // namespace digitorch
