#include "datasets/digit/second_look.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "datasets/vision/added_paper.h"
#include "datasets/vision/grey.h"
#include "datasets/vision/resize.h"

namespace digitorch {
namespace {

// A second look takes no more detail than this, in pixels.
constexpr int kSecondSide = 512;

}  // namespace

std::vector<Sight> other_looks(const cv::Mat& image) {
  cv::Mat grey = shrunk(grey_on_white(image), kSecondSide);
  // Small pictures are enlarged first, so that the added paper does not hide
  // how few pixels they have.
  if (std::max(grey.rows, grey.cols) < kEnlargedSide)
    grey = fitted(grey, kEnlargedSide, cv::INTER_CUBIC);
  std::vector<Sight> looks;
  for (const cv::Mat& padded : with_added_paper(grey))
    looks.push_back(look_at(padded));
  return looks;
}

}  // namespace digitorch
