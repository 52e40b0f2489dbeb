#include "app/predict/page/ruled_lines.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "app/predict/page/ruled_line_removal.h"
#include "app/predict/page/ruled_line_search.h"
#include "datasets/vision/morphology.h"
#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// Ink fainter than this, of 255, makes no rule that anyone would see.
constexpr int kFaintest = 20;
// Noise and grain average out over so many pixels along a rule.
constexpr int kAlong = 3;
// Breaks no longer than this are noise.
constexpr int kBridged = 5;
// What is broader both ways, as a part of the page's longer side, is no rule
// but a shadow.
constexpr double kBroad = 0.02;

// A ruled line shows over so much of what is on the page; the bar of a 7 in a
// picture of two big digits does not.
constexpr double kLongPart = 0.35;
// and over most of its own way, unlike strokes that chance put in a row.
constexpr double kCovered = 0.7;
// Seen with what is written on it, it has hardly a gap.
constexpr double kInked = 0.9;
// On a page that has such lines, others show over less, between its text.
constexpr double kLongPartAgain = 0.12;
// Their thickness is at most this much more than the longest's.
constexpr double kAlike = 2;
// No part of one is so many times darker than the darkest of those.
constexpr double kAlikeDark = 1.4;
// It shows in unbroken runs of at least this part.
constexpr double kRunPart = 0.05;
// A line is so many times longer than thick.
constexpr double kThinness = 30;

// Part of the line, from its first run to its last, on which there is ink:
// strokes that cross it count.
double inked_part(
    const RuledLine& line,
    const std::vector<float>& heights,
    const cv::Mat& mask
) {
  const cv::Range columns = columns_of(line);
  int inked = 0;
  for (int x = columns.start; x < columns.end; ++x) {
    const int y = cvRound(heights[static_cast<size_t>(x)]);
    inked += y >= 0 && y < mask.rows && mask.at<uint8_t>(y, x) != 0;
  }
  return static_cast<double>(inked) / columns.size();
}

// What may be lines: no broad parts, little noise.
cv::Mat candidates(const cv::Mat& ink) {
  cv::Mat smooth, broad;
  cv::blur(ink, smooth, {kAlong, 1});
  const int side = std::max(15, cvRound(kBroad * std::max(ink.rows, ink.cols)));
  cv::morphologyEx(
      smooth, broad, cv::MORPH_OPEN, cv::Mat::ones(side, side, CV_8U)
  );
  smooth -= broad;
  return closed(smooth > kFaintest, horizontal_kernel(kBridged));
}

// What the lines of a page have in common.
struct Kind {
  double thickness = 0;
  double darkness = 0;  // of 255
};

// The kind of the lines that show, level, over much of `across` pixels;
// nothing where there are none.
std::optional<Kind> kind_of_rules(
    const std::vector<RuledLine>& lines, int across
) {
  std::vector<double> thicknesses, darknesses;
  for (RuledLine line : lines) {
    std::erase_if(line, [](const LineSegment& run) { return !run.even; });
    if (line.empty()) continue;
    const double own = thickness_of(line);
    const int length = length_of(line);
    if (length < kLongPart * across ||
        length < kCovered * columns_of(line).size() || own * kThinness > length)
      continue;
    thicknesses.push_back(own);
    darknesses.push_back(darkness_of(line));
  }
  if (thicknesses.empty()) return std::nullopt;
  return Kind{
      median_of(thicknesses),
      *std::max_element(darknesses.begin(), darknesses.end())};
}

std::vector<LineCourse> find_level_rules(const cv::Mat& ink, int across) {
  const cv::Mat mask = candidates(ink);
  const int run = std::max(8, cvRound(kRunPart * across));
  const std::optional<Kind> kind =
      kind_of_rules(find_rule_lines(mask, ink, run), across);
  if (!kind) return {};
  // Now that it is known what a line is, look for them beside thicker strokes,
  // which do not break them.
  const int thickness = cvCeil(kind->thickness);
  const cv::Mat thin = mask & ~opened(mask, vertical_kernel(2 * thickness + 2));
  const int bridged = kBridged + kAlong + 3 * thickness;
  const cv::Mat unbroken = closed(thin, horizontal_kernel(bridged)) & mask;
  std::vector<LineCourse> rules;
  for (const RuledLine& line :
       find_rule_lines(unbroken, ink, std::max(8, run / 2))) {
    const double own = thickness_of(line);
    if (length_of(line) < kLongPartAgain * across ||
        own > kAlike * kind->thickness)
      continue;
    std::vector<float> heights = course_of(line, mask.cols);
    std::vector<cv::Range> parts;
    if (inked_part(line, heights, mask) >= kInked) {
      parts.push_back(columns_of(line));
    } else {
      // Or it may be strokes in a row, which are shorter or darker.
      for (const LineSegment& part : line)
        if (part.even && part.box.width >= kLongPartAgain * across &&
            part.darkness <= kAlikeDark * kind->darkness)
          parts.emplace_back(part.box.x, part.box.br().x);
    }
    rules.push_back({std::move(heights), std::move(parts), own});
  }
  return rules;
}

cv::Mat without(
    const std::vector<LineCourse>& rules,
    const cv::Mat& strokes,
    const cv::Mat& ink
) {
  cv::Mat left = ink.clone();
  for (const LineCourse& rule : rules) take_off(rule, strokes, left);
  return left;
}

}  // namespace

bool clear_rules(cv::Mat& ink) {
  const cv::Rect all = cv::boundingRect(ink > kFaintest);
  if (all.empty()) return false;
  const cv::Mat turned = transposed(ink);
  const std::vector<LineCourse> level = find_level_rules(ink, all.width);
  const std::vector<LineCourse> upright = find_level_rules(turned, all.height);
  if (level.empty() && upright.empty()) return false;
  // Rules are no strokes that cross rules: each kind is looked at without the
  // other.
  const cv::Mat none = cv::Mat::zeros(ink.size(), CV_8U);
  const cv::Mat no_upright =
      transposed(without(upright, transposed(none), turned));
  const cv::Mat no_level = without(level, none, ink);
  ink = without(level, no_upright, ink);
  ink = transposed(without(upright, transposed(no_level), transposed(ink)));
  return true;
}

}  // namespace digitorch
