#include "app/predict/page/lines.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// All beside the usual height of digits.
constexpr double kWholeHeight = 0.55;  // lower components are fragments
constexpr double kMostGap = 2;         // between neighbours on a run
constexpr double kFragmentReach = 0.3;
// Between columns, where their lines lie beside each other and where not.
constexpr double kGutterOfTable = 2.5;
constexpr double kGutter = 1.5;
constexpr double kAligned = 0.25;
constexpr double kSameRow = 0.5;

// Of the lower one's height.
double vertical_overlap(const cv::Rect& a, const cv::Rect& b) {
  const int shared = std::min(a.br().y, b.br().y) - std::max(a.y, b.y);
  return static_cast<double>(shared) / std::min(a.height, b.height);
}

double centre_x(const cv::Rect& box) { return box.x + box.width / 2.0; }
double centre_y(const cv::Rect& box) { return box.y + box.height / 2.0; }

int gap(int a, int a_end, int b, int b_end) {
  return std::max({0, a - b_end, b - a_end});
}

// One above the other within the height of a digit: nothing but its parts, such
// as the body and the bar of a 5, lies so.
bool are_stacked(const cv::Rect& a, const cv::Rect& b, int height) {
  const cv::Rect both = a | b;
  const int shared = std::min(a.br().y, b.br().y) - std::max(a.y, b.y);
  return both.height <= 1.2 * height && both.width <= height &&
         gap(a.x, a.br().x, b.x, b.br().x) <= 0.1 * height &&
         -shared <= 0.2 * height &&
         shared <= 0.35 * std::min(a.height, b.height) &&
         both.height >= kWholeHeight * height;
}

void join_stacked(std::vector<Component>& components, int height) {
  for (size_t i = 0; i < components.size(); ++i)
    for (size_t j = i + 1; j < components.size(); ++j) {
      if (!are_stacked(components[i].box, components[j].box, height)) continue;
      components[i] = joined(components[i], components[j]);
      components.erase(components.begin() + static_cast<std::ptrdiff_t>(j));
      j = i;
    }
}

void sort_by_centre(TextLine& run) {
  std::stable_sort(run.begin(), run.end(), [](const auto& a, const auto& b) {
    return centre_x(a.box) < centre_x(b.box);
  });
}

// The middle of its digits' centres: what sticks out does not count.
double height_of(const TextLine& run) {
  std::vector<double> centres;
  for (const Component& component : run)
    centres.push_back(centre_y(component.box));
  return median_of(std::move(centres));
}

cv::Rect box_of(const TextLine& run) {
  cv::Rect box = run.front().box;
  for (const Component& component : run) box |= component.box;
  return box;
}

// Runs at one height become one line, left to right.
std::vector<TextLine> rows_of(std::vector<TextLine> runs, int height) {
  std::stable_sort(
      runs.begin(),
      runs.end(),
      [](const TextLine& a, const TextLine& b) {
        return height_of(a) < height_of(b);
      }
  );
  std::vector<TextLine> rows;
  double last = 0;
  for (TextLine& run : runs) {
    const double own = height_of(run);
    if (rows.empty() || own - last > kSameRow * height) {
      rows.push_back(std::move(run));
      last = own;
    } else {
      rows.back().insert(rows.back().end(), run.begin(), run.end());
      last = height_of(rows.back());
    }
  }
  for (TextLine& row : rows) sort_by_centre(row);
  return rows;
}

double digits_per_run(const std::vector<TextLine>& runs) {
  double digits = 0;
  for (const TextLine& run : runs) digits += static_cast<double>(run.size());
  return digits / static_cast<double>(runs.size());
}

bool beside_each_other(
    const std::vector<TextLine>& left,
    const std::vector<TextLine>& right,
    int height
) {
  const auto& fewer = left.size() < right.size() ? left : right;
  const auto& more = left.size() < right.size() ? right : left;
  size_t paired = 0;
  for (const TextLine& row : fewer)
    paired += std::any_of(more.begin(), more.end(), [&](const TextLine& other) {
      return std::abs(height_of(row) - height_of(other)) < kAligned * height;
    });
  return 5 * paired >= 4 * fewer.size();
}

// Divides the runs at the widest gap from top to bottom that parts columns.
// False, and both empty, where none does.
bool divide(
    const std::vector<TextLine>& runs,
    int height,
    std::vector<TextLine>& left,
    std::vector<TextLine>& right
) {
  std::vector<cv::Rect> boxes;
  for (const TextLine& run : runs) boxes.push_back(box_of(run));
  std::sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) {
    return a.x < b.x;
  });
  std::vector<std::pair<int, int>> gaps;  // width, where it begins
  int end = boxes.front().br().x;
  for (const cv::Rect& box : boxes) {
    if (box.x - end >= kGutter * height) gaps.emplace_back(box.x - end, end);
    end = std::max(end, box.br().x);
  }
  std::sort(gaps.rbegin(), gaps.rend());
  for (const auto& [width, at] : gaps) {
    left.clear();
    right.clear();
    for (const TextLine& run : runs)
      (box_of(run).x < at ? left : right).push_back(run);
    const std::vector<TextLine> left_rows = rows_of(left, height);
    const std::vector<TextLine> right_rows = rows_of(right, height);
    // Single digits under each other are rows of boxes.
    if (left_rows.size() < 2 || right_rows.size() < 2 ||
        left_rows.size() + right_rows.size() < 5 ||
        digits_per_run(left) < 1.7 || digits_per_run(right) < 1.7)
      continue;
    if (width >= kGutterOfTable * height ||
        !beside_each_other(left_rows, right_rows, height))
      return true;
  }
  left.clear();
  right.clear();
  return false;
}

void append(std::vector<TextLine>& lines, const std::vector<TextLine>& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

std::vector<TextLine> ordered(const std::vector<TextLine>& runs, int height) {
  std::vector<TextLine> left, right;
  if (divide(runs, height, left, right)) {
    std::vector<TextLine> lines = ordered(left, height);
    append(lines, ordered(right, height));
    return lines;
  }
  // A title may go across the columns.
  const std::vector<TextLine> rows = rows_of(runs, height);
  constexpr size_t kMostTitles = 2;
  for (size_t k = 1; k <= kMostTitles && k + 2 < rows.size(); ++k) {
    const double from = height_of(rows[k]) - kSameRow * height;
    std::vector<TextLine> below;
    for (const TextLine& run : runs)
      if (height_of(run) > from) below.push_back(run);
    if (below.empty() || !divide(below, height, left, right)) continue;
    std::vector<TextLine> lines(
        rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(k)
    );
    append(lines, ordered(left, height));
    append(lines, ordered(right, height));
    return lines;
  }
  return rows;
}

}  // namespace

std::vector<TextLine> find_text_lines(const std::vector<Component>& components
) {
  std::vector<Component> all = components;
  const int height = usual_digit_height(all);
  join_stacked(all, height);
  sort_by_centre(all);
  std::vector<Component> whole, fragments;
  for (Component& component : all)
    (component.box.height >= kWholeHeight * height ? whole : fragments)
        .push_back(std::move(component));

  std::vector<TextLine> runs;
  std::vector<size_t> run_of(whole.size(), ~size_t{0});
  for (size_t i = 0; i < whole.size(); ++i) {
    if (run_of[i] == ~size_t{0}) {
      run_of[i] = runs.size();
      runs.emplace_back();
    }
    runs[run_of[i]].push_back(whole[i]);
    for (size_t j = i + 1; j < whole.size(); ++j) {
      const cv::Rect& a = whole[i].box;
      const cv::Rect& b = whole[j].box;
      if (b.x - a.br().x > kMostGap * height) continue;
      if (run_of[j] != ~size_t{0} || vertical_overlap(a, b) < 0.4) continue;
      run_of[j] = run_of[i];
      break;
    }
  }
  for (Component& fragment : fragments) {
    const cv::Rect& f = fragment.box;
    TextLine* nearest = nullptr;
    double least = kFragmentReach * height;
    for (size_t i = 0; i < whole.size(); ++i) {
      const cv::Rect& w = whole[i].box;
      const double apart = std::hypot(
          gap(f.x, f.br().x, w.x, w.br().x), gap(f.y, f.br().y, w.y, w.br().y)
      );
      if (apart > least) continue;
      least = apart;
      nearest = &runs[run_of[i]];
    }
    if (nearest != nullptr) nearest->push_back(std::move(fragment));
  }
  for (TextLine& run : runs) sort_by_centre(run);
  return runs;
}

std::vector<TextLine> reading_order(std::vector<TextLine> runs) {
  std::erase_if(runs, [](const TextLine& run) { return run.empty(); });
  if (runs.empty()) return {};
  std::vector<Component> all;
  for (const TextLine& run : runs)
    all.insert(all.end(), run.begin(), run.end());
  return ordered(runs, usual_height(all));
}

}  // namespace digitorch
