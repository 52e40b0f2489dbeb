#include "datasets/digit/second_look.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "datasets/vision/grey.h"
#include "datasets/vision/histogram.h"
#include "datasets/vision/resize.h"

namespace digitorch {
namespace {

// A second look takes no more detail than this, in pixels.
constexpr int kSecondSide = 512;
// Smaller pictures are enlarged, so that the added paper does not hide how few
// pixels they have.
constexpr int kLeastSecondSide = 64;
// Of the longer side, on each side.
constexpr double kAddedPaper = 0.25;

}  // namespace

std::vector<Sight> other_looks(const cv::Mat& image) {
  cv::Mat grey = shrunk(grey_on_white(image), kSecondSide), light;
  if (std::max(grey.rows, grey.cols) < kLeastSecondSide)
    grey = fitted(grey, kLeastSecondSide, cv::INTER_CUBIC);
  cv::threshold(grey, light, 0, 255, cv::THRESH_OTSU);
  const auto lit = static_cast<std::size_t>(cv::countNonZero(light));
  if (lit == 0 || lit == light.total()) return {};
  const int room = cvRound(kAddedPaper * std::max(grey.rows, grey.cols));
  std::vector<Sight> looks;
  for (const cv::Mat& part : {cv::Mat(~light), light}) {
    // The median: a mean would count the soft edges of strokes.
    const int level = quantile(histogram(grey, part), 0.5);
    cv::Mat padded;
    cv::copyMakeBorder(
        grey, padded, room, room, room, room, cv::BORDER_CONSTANT, level
    );
    looks.push_back(look_at(padded));
  }
  return looks;
}

}  // namespace digitorch
