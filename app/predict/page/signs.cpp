#include "app/predict/page/signs.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

#include "app/predict/page/lines.h"
#include "datasets/vision/morphology.h"
#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// Lengths are parts of the height of the higher one of the two digits.

// Neighbours that are further apart are no digits of one number.
constexpr double kMaxApart = 1.5;
// A point is no larger than this.
constexpr double kMaxPoint = 0.3;
// The middle of a minus sign is at most this far from that of the digits.
constexpr double kMaxFromMiddle = 0.25;
// A minus sign is at least so many times as long as thick, and a point is not.
constexpr double kElongated = 1.8;

// With more specks than so many for each point, points are specks.
constexpr int kMaxSpecks = 2;

char sign_like(const cv::Rect& box, int top, int feet) {
  const double height = feet - top;
  const int longer = std::max(box.width, box.height);
  const int shorter = std::min(box.width, box.height);
  if (longer < kMinSign * height) return 0;
  if (box.width >= kElongated * box.height) {
    const double middle = box.y + box.height / 2.0 - (top + feet) / 2.0;
    return std::abs(middle) <= kMaxFromMiddle * height ? '-' : 0;
  }
  if (is_comma(box, top, feet)) return ',';
  if (box.y < feet - kMaxFromFeet * height || box.y > feet) return 0;
  const bool small = longer <= kMaxPoint * height;
  return small && longer < kElongated * shorter ? '.' : 0;
}

// The box of the digit without what is as small as a point, which may have been
// taken for a part of it.
cv::Rect body_of(const Component& digit, const Labels& labels) {
  const cv::Mat here = labels.labels(digit.box);
  cv::Rect body;
  int last = 0;
  for (int y = 0; y < here.rows; ++y)
    for (int x = 0; x < here.cols; ++x) {
      const int label = here.at<int>(y, x);
      if (label == 0 || label == last || digit.mask.at<uint8_t>(y, x) == 0)
        continue;
      last = label;
      const cv::Rect box = labels.box(label) & digit.box;
      if (std::max(box.width, box.height) > kMaxPoint * digit.box.height)
        body |= box;
    }
  return body.empty() ? digit.box : body;
}

bool has_ink_at(const Component& digit, const cv::Point& at) {
  return digit.box.contains(at) && digit.mask.at<uint8_t>(at - digit.box.tl());
}

// Components of the mask that lie in a rectangle; one pixel of each.
std::map<int, cv::Point> labels_within(
    const Labels& labels, const cv::Rect& rectangle
) {
  const cv::Rect seen = rectangle & cv::Rect({}, labels.labels.size());
  std::map<int, cv::Point> found;
  for (int y = seen.y; y < seen.br().y; ++y)
    for (int x = seen.x; x < seen.br().x; ++x) {
      const int label = labels.labels.at<int>(y, x);
      if (label != 0 && (labels.box(label) & seen) == labels.box(label))
        found.try_emplace(label, x, y);
    }
  return found;
}

// The sign between two neighbours; 0 for none, or where more than one component
// lies there that may be a sign.
char sign_between(
    const Component& left, const Component& right, const Labels& labels
) {
  const cv::Rect before = body_of(left, labels);
  const cv::Rect after = body_of(right, labels);
  const int height = std::max(before.height, after.height);
  if (after.x - before.br().x > kMaxApart * height) return 0;
  const int feet = (before.br().y + after.br().y) / 2;
  const int top = feet - height;
  const int room = cvRound(kMinSign * height);
  const cv::Rect gap(
      before.br().x - room,
      top,
      after.x - before.br().x + 2 * room,
      height + cvRound(kMaxFromFeet * height)
  );
  char sign = 0;
  for (const auto& [label, pixel] : labels_within(labels, gap)) {
    const char found = sign_like(labels.box(label), top, feet);
    // The bar of a 5 may be broken off.
    const bool bar =
        found == '-' && (has_ink_at(left, pixel) || has_ink_at(right, pixel));
    if (found == 0 || bar) continue;
    if (sign != 0) return 0;
    sign = found;
  }
  return sign;
}

// How many components are as small as points of digits that are so high.
int count_specks(const Labels& labels, double height) {
  int specks = 0;
  for (int i = 1; i < labels.count; ++i) {
    const cv::Rect box = labels.box(i);
    const int longer = std::max(box.width, box.height);
    specks += longer >= kMinSign * height && longer <= kMaxPoint * height;
  }
  return specks;
}

}  // namespace

std::vector<std::vector<char>> find_signs(
    const Labels& ink, const std::vector<DigitLine>& lines
) {
  std::vector<std::vector<char>> signs;
  std::vector<int> heights;
  int points = 0;
  for (const DigitLine& line : lines) {
    std::vector<char>& own = signs.emplace_back(line.size());
    for (size_t i = 0; i < line.size(); ++i) {
      heights.push_back(line[i].component.box.height);
      if (i + 1 < line.size())
        own[i] = sign_between(line[i].component, line[i + 1].component, ink);
      points += own[i] == '.';
    }
  }
  if (points > 0 && count_specks(ink, median_of(heights)) > kMaxSpecks * points)
    for (std::vector<char>& line : signs) std::ranges::replace(line, '.', '\0');
  return signs;
}

}  // namespace digitorch
