#include "datasets/vision/sheet.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "datasets/vision/histogram.h"
#include "datasets/vision/morphology.h"
#include "datasets/vision/paper.h"
#include "datasets/vision/resize.h"

namespace digitorch {
namespace {

// Of the picture's area: smaller things are no sheets.
constexpr double kLeastSheet = 0.04;

// Of the smallest rectangle around it: a round thing fills 0.79 of that, a
// sheet seen from aside still more than this.
constexpr double kSquare = 0.85;

// Of the sheet, that is not written on.
constexpr double kFull = 0.8;

// Of the sheet's shorter side: its edge, with the shadow it casts.
constexpr double kEdge = 0.04;
// Pages are written on to the edge.
constexpr double kPageEdge = 0.015;

// A sheet is looked for in a picture of so many pixels on its longer side.
constexpr int kSide = 400;
// Writing is narrower than this part of the picture, and is filled up first.
constexpr double kWriting = 0.02;
// Specks that are left go in a median over so many pixels on a side.
constexpr int kMedianSide = 5;
// What touches the sheet is narrower than this part of the picture.
constexpr double kBeside = 0.033;
// Levels at which the picture is parted into light and dark.
constexpr int kLevels = 32;
// Of the picture's area, when it is of use to look at the sheet alone.
constexpr double kLeastOfPage = 0.06;
constexpr double kMostOfPage = 0.92;
// Across a sharp edge levels change by this much at least, of 255,
constexpr int kSharp = 12;
// along this part of what is seen of the outline,
constexpr double kSharpPart = 0.8;
// which is at least this part of all of it.
constexpr double kSeen = 0.3;

using Outline = std::vector<cv::Point>;

cv::Mat kernel_of(int reach) {
  return cv::Mat::ones(2 * reach + 1, 2 * reach + 1, CV_8U);
}

// As wide as this part of the picture's longer side.
cv::Mat kernel_of(double part, const cv::Size& size) {
  return kernel_of(
      std::max(1, cvRound(part * std::max(size.width, size.height) / 2))
  );
}

// The picture made small, without its writing.
cv::Mat blank_page(const cv::Mat& grey) {
  cv::Mat page = without_narrow(shrunk(grey, kSide), kWriting);
  cv::medianBlur(page, page, kMedianSide);
  return page;
}

double squareness(const Outline& outline) {
  const cv::Size2f size = cv::minAreaRect(outline).size;
  return cv::contourArea(outline) / std::max(1.0F, size.area());
}

// Which part of the outline is seen, not cut off by the picture's edge; 0 where
// what is seen is not sharp. steps: by how much levels change at each pixel.
double part_seen(const Outline& outline, const cv::Mat& steps) {
  const cv::Rect inside(1, 1, steps.cols - 2, steps.rows - 2);
  double seen = 0, sharp = 0;
  for (const cv::Point& point : outline) {
    if (!inside.contains(point)) continue;
    ++seen;
    if (steps.at<uint8_t>(point) >= kSharp) ++sharp;
  }
  const double part = seen / static_cast<double>(outline.size());
  return part >= kSeen && sharp >= kSharpPart * seen ? part : 0;
}

// How likely the outline is that of a sheet, and of how large a one; 0: it is
// none. What hangs on to a sheet adds to its area, but leaves it less square,
// or goes on beyond the picture.
double merit_of(const Outline& outline, const cv::Mat& steps) {
  if (outline.empty()) return 0;
  const double area =
      cv::contourArea(outline) / static_cast<double>(steps.total());
  const double square = squareness(outline);
  if (area < kLeastOfPage || area > kMostOfPage || square < kSquare) return 0;
  const double seen = part_seen(outline, steps);
  return area * square * square * seen * seen;
}

Outline largest_outline(const cv::Mat& mask) {
  std::vector<Outline> outlines;
  cv::findContours(mask, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  const auto smaller = [](const auto& a, const auto& b) {
    return cv::contourArea(a) < cv::contourArea(b);
  };
  const auto largest =
      std::max_element(outlines.begin(), outlines.end(), smaller);
  return largest == outlines.end() ? Outline() : *largest;
}

cv::Mat filled(const Outline& outline, const cv::Size& size) {
  cv::Mat mask(size, CV_8U, cv::Scalar(0));
  cv::drawContours(
      mask, std::vector<Outline>{outline}, 0, cv::Scalar(255), cv::FILLED
  );
  return mask;
}

int edge_of(const Outline& sheet, double part) {
  const cv::Size2f size = cv::minAreaRect(sheet).size;
  return std::max(1, cvRound(part * std::min(size.width, size.height)));
}

// What is lighter than each of some levels: the largest part of it.
std::vector<Outline> lighter_parts(const cv::Mat& paper) {
  const std::vector<int64_t> levels = histogram(paper);
  const cv::Mat beside = kernel_of(kBeside, paper.size());
  std::vector<Outline> outlines;
  for (int i = 1; i < kLevels; ++i) {
    const int level = quantile(levels, static_cast<double>(i) / kLevels);
    outlines.push_back(largest_outline(opened(paper > level, beside)));
  }
  return outlines;
}

// What sharp edges enclose, on which light may change slowly, and is lighter
// than what is beyond.
std::vector<Outline> enclosed_parts(
    const cv::Mat& paper, const cv::Mat& steps
) {
  constexpr int kWall = 2;  // half of how wide an edge is among the steps
  const Labels parts = labelled(steps < kSharp, 4);
  std::vector<Outline> outlines;
  for (int i = 1; i < parts.count; ++i) {
    if (parts.area(i) < kLeastOfPage * static_cast<double>(paper.total()) / 2)
      continue;
    cv::Mat part = parts.labels == i, around;
    cv::dilate(part, part, kernel_of(kWall));
    cv::dilate(part, around, kernel_of(2 * kWall));
    const double lighter =
        cv::mean(paper, part)[0] - cv::mean(paper, around & ~part)[0];
    if (lighter >= kSharp) outlines.push_back(largest_outline(part));
  }
  return outlines;
}

}  // namespace

cv::Mat only_sheet(const cv::Mat& grey, const cv::Mat& ink) {
  const cv::Mat mask = ink > kInkEdge;
  const Outline outline = largest_outline(mask);
  if (outline.empty()) return {};
  const double least = kLeastSheet * static_cast<double>(grey.total());
  if (cv::contourArea(outline) < least || squareness(outline) < kSquare)
    return {};
  cv::Mat sheet = filled(outline, grey.size());
  if (cv::countNonZero(mask & sheet) < kFull * cv::countNonZero(sheet))
    return {};
  // Beyond the picture is no sheet.
  sheet = eroded(sheet, edge_of(outline, kEdge));
  cv::Mat result = grey.clone();
  result.setTo(quantile(histogram(grey, sheet), 0.5), ~sheet);
  return result;
}

cv::Mat find_sheet(const cv::Mat& grey) {
  const cv::Mat paper = blank_page(grey);
  cv::Mat steps;
  cv::morphologyEx(paper, steps, cv::MORPH_GRADIENT, kernel_of(1));
  cv::dilate(steps, steps, kernel_of(1));
  std::vector<Outline> outlines = lighter_parts(paper);
  for (Outline& outline : enclosed_parts(paper, steps))
    outlines.push_back(std::move(outline));
  Outline sheet;
  double best = 0;
  for (const Outline& outline : outlines) {
    const double merit = merit_of(outline, steps);
    if (merit <= best) continue;
    sheet = outline;
    best = merit;
  }
  if (sheet.empty()) return {};
  cv::Mat mask = filled(sheet, paper.size());
  cv::erode(mask, mask, kernel_of(edge_of(sheet, kPageEdge)));
  cv::Mat result;
  cv::resize(mask, result, grey.size(), 0, 0, cv::INTER_LINEAR);
  return result > 127;
}

cv::Mat without_table(const cv::Mat& grey, const cv::Mat& sheet) {
  const cv::Mat paper = blank_page(grey);
  cv::Mat beyond, distances, nearest;
  cv::resize(sheet == 0, beyond, paper.size(), 0, 0, cv::INTER_NEAREST);
  cv::distanceTransform(
      beyond, distances, nearest, cv::DIST_L2, 5, cv::DIST_LABEL_PIXEL
  );
  std::vector<uint8_t> level_of(paper.total() + 1);
  for (int y = 0; y < paper.rows; ++y)
    for (int x = 0; x < paper.cols; ++x)
      if (beyond.at<uint8_t>(y, x) == 0)
        level_of[static_cast<size_t>(nearest.at<int>(y, x))] =
            paper.at<uint8_t>(y, x);
  cv::Mat levels(paper.size(), CV_8U);
  for (int y = 0; y < paper.rows; ++y)
    for (int x = 0; x < paper.cols; ++x)
      levels.at<uint8_t>(y, x) =
          level_of[static_cast<size_t>(nearest.at<int>(y, x))];
  cv::Mat result;
  cv::resize(levels, result, grey.size(), 0, 0, cv::INTER_LINEAR);
  grey.copyTo(result, sheet);
  return result;
}

}  // namespace digitorch
