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

bool had_rules(const cv::Mat& mask, const cv::Mat& without) {
  return cv::countNonZero(without) != cv::countNonZero(mask);
}

// A connected part of the faint mask, and the strong ink in it.
struct Part {
  cv::Rect strong;
  int joined = 0;
};

}  // namespace

cv::Mat find_strokes(const PageInk& page) {
  const cv::Mat strong = without_rules(page.mask);
  if (had_rules(page.mask, strong) ||
      had_rules(page.weak_mask, without_rules(page.weak_mask)))
    return strong;
  const int height = usual_height(find_pieces(strong));

  cv::Mat labels, facts, strong_labels, strong_facts, centres;
  const int count =
      cv::connectedComponentsWithStats(page.weak_mask, labels, facts, centres);
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

}  // namespace digitorch
