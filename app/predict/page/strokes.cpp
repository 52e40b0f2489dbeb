#include "app/predict/page/strokes.h"

#include <opencv2/imgproc.hpp>
#include <utility>
#include <vector>

#include "app/predict/page/components.h"
#include "datasets/vision/frames.h"
#include "datasets/vision/morphology.h"
#include "datasets/vision/nets.h"
#include "datasets/vision/ruled_lines.h"

namespace digitorch {
namespace {

// What faint ink may add to the strong ink it hangs on to, as a part of the
// height of digits: more is a shadow's edge.
constexpr double kMostGrowth = 0.5;
// What it joins: at most so many components as high as half a digit; more is a
// line below a word.
constexpr int kMostJoined = 2;

// Takes frames and nets off the page, and returns whether there were any.
// grid: becomes the cells of the largest net, unless it has more already.
bool clear_frames_of(PageInk& page, std::vector<GridCell>& grid) {
  cv::Mat strong = page.mask.clone();
  cv::Mat weak = page.weak_mask.clone();
  for (cv::Mat* mask : {&strong, &weak}) {
    std::vector<GridCell> cells = clear_nets(*mask);
    if (cells.size() > grid.size()) grid = std::move(cells);
    clear_frames(*mask);
  }
  const cv::Mat gone = (page.mask & ~strong) | (page.weak_mask & ~weak);
  if (cv::countNonZero(gone) == 0) return false;
  page.mask &= ~gone;
  page.weak_mask &= ~gone;
  cv::Mat near;
  constexpr int kSoft = 4;  // pixels of their blurred edges
  cv::dilate(gone, near, cv::Mat::ones(2 * kSoft + 1, 2 * kSoft + 1, CV_8U));
  page.ink.setTo(0, near & ~page.weak_mask);
  return true;
}

// A connected part of the faint mask, and the strong ink in it.
struct Part {
  cv::Rect strong;
  int joined = 0;
};

// With the faint strokes that hang on to the strong ones.
cv::Mat with_hairlines(const cv::Mat& strong, const cv::Mat& weak) {
  const Labels parts = labelled(weak), strong_parts = labelled(strong);
  const int height = usual_height(find_components(strong_parts));
  std::vector<Part> held(static_cast<size_t>(parts.count));
  for (int i = 1; i < strong_parts.count; ++i) {
    const cv::Rect box = strong_parts.box(i);
    std::vector<cv::Point> pixels;
    cv::findNonZero(strong_parts.labels(box).row(0) == i, pixels);
    const cv::Point any = box.tl() + pixels.front();
    Part& part = held[static_cast<size_t>(parts.labels.at<int>(any))];
    part.strong |= box;
    part.joined += 2 * box.height > height;
  }
  cv::Mat strokes = strong.clone();
  for (const int i : parts.bounded()) {
    const Part& part = held[static_cast<size_t>(i)];
    const cv::Rect box = parts.box(i);
    if (part.strong.empty() || part.joined > kMostJoined ||
        box.width - part.strong.width > kMostGrowth * height ||
        box.height - part.strong.height > kMostGrowth * height)
      continue;
    strokes(box).setTo(255, parts.mask(i));
  }
  return strokes;
}

}  // namespace

Strokes find_strokes(PageInk& page) {
  // Frames first, since a line through their sides leaves them open; then
  // those that hung together with the lines.
  std::vector<GridCell> grid;
  bool ruled = clear_frames_of(page, grid);
  if (clear_ruled_lines(page.ink) > 0) {
    find_masks(page);
    clear_frames_of(page, grid);
    ruled = true;
  }
  return {with_hairlines(page.mask, page.weak_mask), ruled, std::move(grid)};
}

}  // namespace digitorch
