#include "app/predict/page/ink.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "datasets/vision/morphology.h"
#include "datasets/vision/paper.h"

namespace digitorch {
namespace {

// Fainter ink than this, of 255, is noise.
constexpr int kLeastInk = 25;

// What best parts the levels above `least` into weak and strong ones: faint
// rules from ink, or, where there are none, a stroke's edges from its middle
// (Otsu, "A threshold selection method from gray-level histograms", 1979).
double strong_level(const cv::Mat& ink, int least) {
  std::vector<cv::Point> places;
  cv::findNonZero(ink > least, places);
  if (places.empty()) return least;
  cv::Mat levels(1, static_cast<int>(places.size()), CV_8U), parted;
  for (size_t i = 0; i < places.size(); ++i)
    levels.at<uint8_t>(static_cast<int>(i)) = ink.at<uint8_t>(places[i]);
  return cv::threshold(levels, parted, 0, 255, cv::THRESH_OTSU);
}

// Above which level ink is strong: a part of the strongest near by, which
// leaves out shadows, blurs and most rules beside it. uint8, a level for each
// pixel. smooth: the ink, in which a hairline is half as strong: its level is
// to be told from that too.
cv::Mat strong_levels(const cv::Mat& smooth) {
  constexpr int kCells = 300;  // on the longer side
  constexpr int kNear = 9;     // cells
  constexpr double kPart = 0.4;
  constexpr double kFloor = 0.6;  // of what parts strong ink from weak
  cv::Mat levels, small;
  const int cell = std::max(1, std::max(smooth.rows, smooth.cols) / kCells);
  cv::dilate(smooth, levels, cv::Mat::ones(cell, cell, CV_8U));
  const cv::Size cells(
      std::max(1, smooth.cols / cell), std::max(1, smooth.rows / cell)
  );
  cv::resize(levels, small, cells, 0, 0, cv::INTER_NEAREST);
  cv::dilate(small, small, cv::Mat::ones(kNear, kNear, CV_8U));
  cv::blur(small, small, {kNear, kNear});
  small.convertTo(small, CV_8U, kPart);
  small = cv::max(
      small,
      std::max<double>(kLeastInk, kFloor * strong_level(smooth, kLeastInk))
  );
  cv::resize(small, levels, smooth.size(), 0, 0, cv::INTER_LINEAR);
  return levels;
}

// Closes gaps that are narrower than this part of the ink's shorter side.
void close_gaps(cv::Mat& ink, double part) {
  const int gap = cvRound(part * std::min(ink.rows, ink.cols));
  if (gap == 0) return;
  const cv::Mat kernel =
      cv::getStructuringElement(cv::MORPH_ELLIPSE, {gap + 1, gap + 1});
  cv::morphologyEx(ink, ink, cv::MORPH_CLOSE, kernel);
}

// Takes off connected ink that is anywhere broader than this part of the ink's
// shorter side.
void drop_broad(PageInk& page, double part) {
  // Odd, since an opening with an even side moves what it leaves.
  const int side =
      cvRound(part * std::min(page.ink.rows, page.ink.cols)) / 2 * 2 + 1;
  if (side == 1) return;
  const cv::Mat kernel =
      cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side});
  cv::Mat cores;
  cv::morphologyEx(page.mask, cores, cv::MORPH_OPEN, kernel);
  std::vector<cv::Point> places;
  cv::findNonZero(cores, places);
  const Labels all = labelled(page.mask);
  std::vector<uint8_t> is_broad(static_cast<size_t>(all.count));
  for (const cv::Point& place : places)
    is_broad[static_cast<size_t>(all.labels.at<int>(place))] = 255;
  cv::Mat broad(page.ink.size(), CV_8U);
  std::transform(
      all.labels.begin<int>(),
      all.labels.end<int>(),
      broad.begin<uint8_t>(),
      [&](int label) { return is_broad[static_cast<size_t>(label)]; }
  );
  // Their blurred edges are too faint for the mask.
  cv::dilate(broad, broad, kernel);
  page.ink.setTo(0, broad);
}

}  // namespace

void find_masks(PageInk& page) {
  cv::Mat smooth, sharp;
  cv::GaussianBlur(page.ink, smooth, {3, 3}, 0);
  const cv::Mat levels = strong_levels(smooth);
  page.mask = smooth > levels;
  // Hairlines of print and of light pens are fainter than the strokes they
  // belong to, and smoothing hides them.
  constexpr double kWeak = 0.6;  // of what strong ink has to be
  levels.convertTo(sharp, CV_8U, kWeak);
  sharp = page.ink > cv::max(sharp, kLeastInk);
  page.weak_mask = page.mask | sharp;
}

PageInk find_page_ink(const PageView& view) {
  PageInk page;
  page.ink = find_ink(view.grey, view.search);
  close_gaps(page.ink, view.gaps);
  find_masks(page);
  if (view.broad > 0) {
    drop_broad(page, view.broad);
    find_masks(page);  // strong ink is told from what is left
  }
  page.to_picture = view.to_picture;
  return page;
}

PageInk turned(const PageInk& page, double degrees) {
  const cv::Size size = page.ink.size();
  const cv::Point2d centre(size.width / 2.0, size.height / 2.0);
  const cv::Rect2f bounds =
      cv::RotatedRect(centre, size, static_cast<float>(degrees))
          .boundingRect2f();
  cv::Matx23d turn = cv::getRotationMatrix2D(centre, degrees, 1);
  turn(0, 2) -= bounds.x;
  turn(1, 2) -= bounds.y;
  PageInk result;
  cv::warpAffine(
      page.ink,
      result.ink,
      turn,
      {cvCeil(bounds.width), cvCeil(bounds.height)},
      cv::INTER_LINEAR
  );
  find_masks(result);
  cv::Matx23d back;
  cv::invertAffineTransform(turn, back);
  // First back to the page as it was, then to the picture.
  result.to_picture = in_turn(back, page.to_picture);
  return result;
}

}  // namespace digitorch
