#include "datasets/vision/added_paper.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "datasets/vision/histogram.h"

namespace digitorch {
namespace {

// Of the longer side, on each side.
constexpr double kAddedPaper = 0.25;

}  // namespace

int added_room(const cv::Size& size) {
  return cvRound(kAddedPaper * std::max(size.width, size.height));
}

std::vector<cv::Mat> with_added_paper(const cv::Mat& grey) {
  cv::Mat light;
  cv::threshold(grey, light, 0, 255, cv::THRESH_OTSU);
  const auto lit = static_cast<std::size_t>(cv::countNonZero(light));
  if (lit == 0 || lit == light.total()) return {};
  const int room = added_room(grey.size());
  std::vector<cv::Mat> pictures;
  for (const cv::Mat& part : {cv::Mat(~light), light}) {
    // The median: a mean would count the soft edges of strokes.
    const int level = quantile(histogram(grey, part), 0.5);
    cv::Mat padded;
    cv::copyMakeBorder(
        grey, padded, room, room, room, room, cv::BORDER_CONSTANT, level
    );
    pictures.push_back(padded);
  }
  return pictures;
}

}  // namespace digitorch
