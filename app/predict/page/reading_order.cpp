#include "app/predict/page/reading_order.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// Lengths are parts of the usual height of the page's digits.

// The smallest gap between two columns whose lines lie beside each other, as
// those of a table do.
constexpr double kMinGapOfTable = 2.5;
// The smallest gap between two columns whose lines do not.
constexpr double kMinGap = 1.5;
// Text lines whose vertical positions differ by no more than this lie beside
// each other and are one line.
constexpr double kMaxSameLine = 0.5;

// A column has at least this many lines.
constexpr size_t kMinLines = 2;
// Two columns together have at least this many lines.
constexpr size_t kMinLinesOfBoth = 5;
// A column has at least this many digits a line. Single digits below each other
// are boxes of a form, which are read across.
constexpr double kMinDigitsPerLine = 1.7;

// A title above columns has at most this many lines.
constexpr size_t kMaxTitleLines = 2;

// The median of the vertical centres of its digits, in pixels.
double y_of(const DigitLine& line) {
  std::vector<double> centres;
  for (const ReadComponent& digit : line)
    centres.push_back(digit.component.centre_y());
  return median_of(std::move(centres));
}

cv::Rect box_of(const DigitLine& line) {
  cv::Rect box = line.front().component.box;
  for (const ReadComponent& digit : line) box |= digit.component.box;
  return box;
}

// The lines from top to bottom, with text lines at one height joined into one.
std::vector<DigitLine> joined_lines(std::vector<DigitLine> lines, int height) {
  std::stable_sort(
      lines.begin(),
      lines.end(),
      [](const DigitLine& a, const DigitLine& b) { return y_of(a) < y_of(b); }
  );
  std::vector<DigitLine> rows;
  double last = 0;
  for (DigitLine& line : lines) {
    const double own = y_of(line);
    if (rows.empty() || own - last > kMaxSameLine * height) {
      rows.push_back(std::move(line));
      last = own;
    } else {
      rows.back().insert(rows.back().end(), line.begin(), line.end());
      last = y_of(rows.back());
    }
  }
  for (DigitLine& row : rows)
    std::stable_sort(row.begin(), row.end(), [](const auto& a, const auto& b) {
      return a.component.centre_x() < b.component.centre_x();
    });
  return rows;
}

double digits_per_line(const std::vector<DigitLine>& lines) {
  double digits = 0;
  for (const DigitLine& line : lines)
    digits += static_cast<double>(line.size());
  return digits / static_cast<double>(lines.size());
}

// Whether most lines of the column with fewer lines lie beside a line of the
// other one.
bool lie_beside_each_other(
    const std::vector<DigitLine>& left,
    const std::vector<DigitLine>& right,
    int height
) {
  const auto& fewer = left.size() < right.size() ? left : right;
  const auto& more = left.size() < right.size() ? right : left;
  const auto aligned =
      std::count_if(fewer.begin(), fewer.end(), [&](const DigitLine& line) {
        return std::any_of(more.begin(), more.end(), [&](const auto& other) {
          return std::abs(y_of(line) - y_of(other)) <= kMaxSameLine * height;
        });
      });
  return 2 * aligned > std::ssize(fewer);
}

struct Columns {
  std::vector<DigitLine> left;
  std::vector<DigitLine> right;
};

// Whether what a gap of `width` pixels parts are two columns.
bool are_columns(const Columns& columns, int width, int height) {
  const std::vector<DigitLine> left = joined_lines(columns.left, height);
  const std::vector<DigitLine> right = joined_lines(columns.right, height);
  if (std::min(left.size(), right.size()) < kMinLines ||
      left.size() + right.size() < kMinLinesOfBoth ||
      digits_per_line(columns.left) < kMinDigitsPerLine ||
      digits_per_line(columns.right) < kMinDigitsPerLine)
    return false;
  return width >= kMinGapOfTable * height ||
         !lie_beside_each_other(left, right, height);
}

// Parts the lines at the widest gap from top to bottom that has a column on
// either side. Both are empty if there is none.
Columns columns_of(const std::vector<DigitLine>& lines, int height) {
  std::vector<cv::Rect> boxes;
  for (const DigitLine& line : lines) boxes.push_back(box_of(line));
  std::sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) {
    return a.x < b.x;
  });
  std::vector<std::pair<int, int>> gaps;  // width, left end
  int end = boxes.front().br().x;
  for (const cv::Rect& box : boxes) {
    if (box.x - end >= kMinGap * height) gaps.emplace_back(box.x - end, end);
    end = std::max(end, box.br().x);
  }
  std::sort(gaps.rbegin(), gaps.rend());
  for (const auto& [width, at] : gaps) {
    Columns columns;
    for (const DigitLine& line : lines)
      (box_of(line).x < at ? columns.left : columns.right).push_back(line);
    if (are_columns(columns, width, height)) return columns;
  }
  return {};
}

void append(std::vector<DigitLine>& lines, std::vector<DigitLine> more) {
  std::move(more.begin(), more.end(), std::back_inserter(lines));
}

std::vector<DigitLine> ordered(
    const std::vector<DigitLine>& lines, int height
) {
  const Columns all = columns_of(lines, height);
  if (!all.left.empty()) {
    std::vector<DigitLine> found = ordered(all.left, height);
    append(found, ordered(all.right, height));
    return found;
  }
  const std::vector<DigitLine> rows = joined_lines(lines, height);
  for (size_t k = 1; k <= kMaxTitleLines && k + 2 < rows.size(); ++k) {
    const double from = y_of(rows[k]) - kMaxSameLine * height;
    std::vector<DigitLine> below;
    for (const DigitLine& line : lines)
      if (y_of(line) > from) below.push_back(line);
    if (below.empty()) continue;
    const Columns columns = columns_of(below, height);
    if (columns.left.empty()) continue;
    std::vector<DigitLine> found(
        rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(k)
    );
    append(found, ordered(columns.left, height));
    append(found, ordered(columns.right, height));
    return found;
  }
  return rows;
}

}  // namespace

std::vector<DigitLine> reading_order(std::vector<DigitLine> lines) {
  std::erase_if(lines, [](const DigitLine& line) { return line.empty(); });
  if (lines.empty()) return {};
  std::vector<Component> all;
  for (const DigitLine& line : lines)
    for (const ReadComponent& digit : line) all.push_back(digit.component);
  return ordered(lines, usual_height(all));
}

}  // namespace digitorch
