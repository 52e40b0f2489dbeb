#include "datasets/page_pieces.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>

namespace digitorch {
namespace {

// Beside the usual height of digits: smaller pieces are specks and points,
constexpr double kLeastSize = 0.2;
// and higher ones drawings.
constexpr double kMostHeight = 4;

// Nothing smaller can be read.
constexpr int kLeastHeight = 6;

}  // namespace

Piece joined(const Piece& a, const Piece& b) {
  Piece both;
  both.box = a.box | b.box;
  both.mask = cv::Mat::zeros(both.box.size(), CV_8U);
  for (const Piece* piece : {&a, &b}) {
    cv::Mat part = both.mask(piece->box - both.box.tl());
    cv::bitwise_or(part, piece->mask, part);
  }
  return both;
}

int usual_height(const std::vector<Piece>& pieces) {
  std::vector<std::pair<int, int>> heights;  // height, ink
  int64_t ink = 0;
  for (const Piece& piece : pieces) {
    heights.emplace_back(piece.box.height, cv::countNonZero(piece.mask));
    ink += heights.back().second;
  }
  std::sort(heights.begin(), heights.end());
  int64_t below = 0;
  for (const auto& [height, own] : heights) {
    below += own;
    if (2 * below >= ink) return height;
  }
  return 0;
}

std::vector<Piece> find_pieces(const cv::Mat& mask) {
  cv::Mat labels, facts, centres;
  const int count =
      cv::connectedComponentsWithStats(mask, labels, facts, centres);
  std::vector<Piece> pieces;
  for (int i = 1; i < count; ++i) {
    const cv::Rect box(
        facts.at<int>(i, cv::CC_STAT_LEFT),
        facts.at<int>(i, cv::CC_STAT_TOP),
        facts.at<int>(i, cv::CC_STAT_WIDTH),
        facts.at<int>(i, cv::CC_STAT_HEIGHT)
    );
    if (std::max(box.width, box.height) < 3) continue;
    pieces.push_back({box, labels(box) == i});
  }
  const int height = usual_height(pieces);
  std::erase_if(pieces, [&](const Piece& piece) {
    const cv::Size size = piece.box.size();
    return height < kLeastHeight ||
           std::max(size.width, size.height) < kLeastSize * height ||
           size.height > kMostHeight * height;
  });
  return pieces;
}

}  // namespace digitorch
