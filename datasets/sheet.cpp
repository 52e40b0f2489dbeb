#include "datasets/sheet.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "datasets/ink.h"
#include "datasets/ink_levels.h"

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

std::vector<cv::Point> largest_outline(const cv::Mat& mask) {
  std::vector<std::vector<cv::Point>> outlines;
  cv::findContours(mask, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  const auto smaller = [](const auto& a, const auto& b) {
    return cv::contourArea(a) < cv::contourArea(b);
  };
  const auto largest =
      std::max_element(outlines.begin(), outlines.end(), smaller);
  return largest == outlines.end() ? std::vector<cv::Point>() : *largest;
}

}  // namespace

cv::Mat only_sheet(const cv::Mat& grey, const cv::Mat& ink) {
  const cv::Mat mask = ink > kInkEdge;
  const std::vector<cv::Point> outline = largest_outline(mask);
  if (outline.empty()) return {};
  const double area = cv::contourArea(outline);
  const cv::Size2f size = cv::minAreaRect(outline).size;
  if (area < kLeastSheet * static_cast<double>(grey.total()) ||
      area < kSquare * size.area())
    return {};
  cv::Mat sheet(grey.size(), CV_8U, cv::Scalar(0));
  cv::drawContours(
      sheet,
      std::vector<std::vector<cv::Point>>{outline},
      0,
      cv::Scalar(255),
      cv::FILLED
  );
  if (cv::countNonZero(mask & sheet) < kFull * cv::countNonZero(sheet))
    return {};
  const int edge =
      std::max(1, cvRound(kEdge * std::min(size.width, size.height)));
  cv::erode(
      sheet,
      sheet,
      cv::Mat::ones(2 * edge + 1, 2 * edge + 1, CV_8U),
      {-1, -1},
      1,
      cv::BORDER_CONSTANT,
      cv::Scalar(0)
  );
  cv::Mat result = grey.clone();
  result.setTo(quantile(histogram(grey, sheet), 0.5), ~sheet);
  return result;
}

}  // namespace digitorch
