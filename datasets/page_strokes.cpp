#include "datasets/page_strokes.h"

#include <opencv2/imgproc.hpp>
#include <vector>

#include "datasets/page_level.h"
#include "datasets/page_rules.h"

namespace digitorch {
namespace {

// What faint ink may add to the strong ink it hangs on to, as a part of the
// height of digits: more is a shadow's edge.
constexpr double kMostGrowth = 0.5;
// What it joins: at most so many pieces as high as half a digit; more is a line
// below a word.
constexpr int kMostJoined = 2;
// What has so little of its ink beside a rule is a part of it.
constexpr double kBesideRules = 0.2;

bool had_rules(const cv::Mat& mask, const cv::Mat& without) {
  return cv::countNonZero(without) != cv::countNonZero(mask);
}

// Rules about as strong as strong ink has to be are broken there, and so not
// seen as such, but are whole among the weak ink: `rules`. Drops what is no
// more than a part of them.
cv::Mat without_parts_of(const cv::Mat& strong, const cv::Mat& rules) {
  cv::Mat labels, facts, centres;
  const int count =
      cv::connectedComponentsWithStats(strong, labels, facts, centres);
  std::vector<int> beside(static_cast<size_t>(count));
  for (int y = 0; y < labels.rows; ++y)
    for (int x = 0; x < labels.cols; ++x)
      if (rules.at<uint8_t>(y, x) == 0)
        ++beside[static_cast<size_t>(labels.at<int>(y, x))];
  cv::Mat kept = strong.clone();
  for (int i = 1; i < count; ++i) {
    const int area = facts.at<int>(i, cv::CC_STAT_AREA);
    if (beside[static_cast<size_t>(i)] > kBesideRules * area) continue;
    const cv::Rect box = component_box(facts, i);
    kept(box).setTo(0, labels(box) == i);
  }
  return kept;
}

// A connected part of the faint mask, and the strong ink in it.
struct Part {
  cv::Rect strong;
  int joined = 0;
};

// With the faint strokes that hang on to the strong ones.
cv::Mat with_hairlines(const cv::Mat& strong, const cv::Mat& weak) {
  const int height = usual_height(find_pieces(strong));
  cv::Mat labels, facts, strong_labels, strong_facts, centres;
  const int count =
      cv::connectedComponentsWithStats(weak, labels, facts, centres);
  const int strong_count = cv::connectedComponentsWithStats(
      strong, strong_labels, strong_facts, centres
  );
  std::vector<Part> parts(static_cast<size_t>(count));
  for (int i = 1; i < strong_count; ++i) {
    const cv::Rect box = component_box(strong_facts, i);
    std::vector<cv::Point> pixels;
    cv::findNonZero(strong_labels(box).row(0) == i, pixels);
    const cv::Point any = box.tl() + pixels.front();
    Part& part = parts[static_cast<size_t>(labels.at<int>(any))];
    part.strong |= box;
    part.joined += 2 * box.height > height;
  }
  cv::Mat strokes = strong.clone();
  for (int i = 1; i < count; ++i) {
    const Part& part = parts[static_cast<size_t>(i)];
    const cv::Rect box = component_box(facts, i);
    if (part.strong.empty() || part.joined > kMostJoined ||
        box.width - part.strong.width > kMostGrowth * height ||
        box.height - part.strong.height > kMostGrowth * height)
      continue;
    strokes(box).setTo(255, labels(box) == i);
  }
  return strokes;
}

}  // namespace

Strokes find_strokes(const PageInk& page) {
  const cv::Mat strong = without_rules(page.mask);
  const cv::Mat weak = without_rules(page.weak_mask);
  if (had_rules(page.mask, strong) || had_rules(page.weak_mask, weak))
    return {without_parts_of(strong, page.weak_mask & ~weak), true};
  return {with_hairlines(strong, page.weak_mask), false};
}

}  // namespace digitorch
