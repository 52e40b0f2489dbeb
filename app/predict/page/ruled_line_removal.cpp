#include "app/predict/page/ruled_line_removal.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "datasets/vision/crossing.h"
#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// A rule is as dark as the fainter part of what lies on its course, over this
// part of the page: the rest is what is written on it.
constexpr double kNearBy = 0.15;
constexpr double kFainter = 0.4;

// Ink not so much darker than the rule, of its level and in levels of 255, is
// the rule itself.
constexpr double kStronger = 1.25;
constexpr double kNoise = 8;

// Where a rule is fainter than this, of 255, it hides nothing.
constexpr float kHides = 12;

// What is on the rule's course and `reach` pixels beside it, as a level strip.
cv::Mat strip_along(const LineCourse& rule, const cv::Mat& ink, int reach) {
  cv::Mat strip(2 * reach + 1, ink.cols, CV_32F, cv::Scalar(0));
  for (int x = 0; x < ink.cols; ++x) {
    const float middle = rule.course[static_cast<size_t>(x)];
    for (int row = 0; row < strip.rows; ++row) {
      const float y = middle + static_cast<float>(row - reach);
      const int above = cvFloor(y);
      if (above < 0 || above + 1 >= ink.rows) continue;
      const float part = y - static_cast<float>(above);
      strip.at<float>(row, x) = (1 - part) * ink.at<uint8_t>(above, x) +
                                part * ink.at<uint8_t>(above + 1, x);
    }
  }
  return strip;
}

// How dark the rule itself is at each place of its strip.
cv::Mat levels_of(const cv::Mat& strip, const std::vector<bool>& shown) {
  const int window = std::max(24, cvRound(kNearBy * strip.cols));
  const int steps = std::max(1, 2 * strip.cols / window);
  cv::Mat coarse(strip.rows, steps, CV_32F, cv::Scalar(0));
  std::vector<float> values;
  for (int i = 0; i < steps; ++i) {
    const int middle = cvRound((i + 0.5) * strip.cols / steps);
    const int from = std::max(0, middle - window / 2);
    const int to = std::min(strip.cols, middle + window / 2 + 1);
    for (int row = 0; row < strip.rows; ++row) {
      values.clear();
      for (int x = from; x < to; ++x)
        if (shown[static_cast<size_t>(x)])
          values.push_back(strip.at<float>(row, x));
      if (values.empty()) continue;
      coarse.at<float>(row, i) = quantile_of(values, kFainter);
    }
  }
  cv::Mat levels, beside;
  cv::resize(coarse, levels, strip.size(), 0, 0, cv::INTER_LINEAR);
  // Its course is known to a part of a pixel.
  cv::dilate(levels, beside, cv::Mat::ones(3, 1, CV_8U));
  levels = cv::max(levels, 0.8 * beside);
  for (int x = 0; x < strip.cols; ++x)
    if (!shown[static_cast<size_t>(x)]) levels.col(x) = 0;
  return levels;
}

}  // namespace

void take_off(const LineCourse& rule, const cv::Mat& strokes, cv::Mat& ink) {
  const int reach = cvCeil(rule.thickness / 2) + 3;
  std::vector<bool> shown(rule.course.size());
  for (const cv::Range& part : rule.shown)
    std::fill(shown.begin() + part.start, shown.begin() + part.end, true);
  const cv::Mat levels = levels_of(strip_along(rule, ink, reach), shown);
  for (int x = 0; x < ink.cols; ++x) {
    const float middle = rule.course[static_cast<size_t>(x)];
    // Where the rule is as dark as to hide something, from the middle on.
    int half = 0;
    while (half < reach && (levels.at<float>(reach - half, x) >= kHides ||
                            levels.at<float>(reach + half, x) >= kHides))
      ++half;
    if (half == 0) continue;
    const int above = cvRound(middle) - half - 1;
    const int below = cvRound(middle) + half + 1;
    for (int y = std::max(0, above + 1); y < std::min(below, ink.rows); ++y) {
      const int row = std::clamp(
          cvRound(static_cast<float>(y) - middle) + reach, 0, levels.rows - 1
      );
      const float level = levels.at<float>(row, x);
      const float given = ink.at<uint8_t>(y, x);
      float left = std::max(0.0F, given - level);
      if (given > kStronger * level + kNoise)
        left = 255 - 255 * (255 - given) / std::max(1.0F, 255 - level);
      else if (level >= kHides)
        left = std::min<float>(
            given, crossing<uint8_t>(strokes, x, y, above, below)
        );
      ink.at<uint8_t>(y, x) = cv::saturate_cast<uint8_t>(left);
    }
  }
}

}  // namespace digitorch
