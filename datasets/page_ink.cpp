#include "datasets/page_ink.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "datasets/resize.h"

namespace digitorch {
namespace {

// Light changes slowly: it is looked for in a picture this small.
constexpr int kLightSide = 400;
// Of its longer side: ink is narrower.
constexpr double kNarrow = 0.16;

int window_of(const cv::Mat& small) {
  return cvRound(kNarrow * std::max(small.rows, small.cols)) / 2 * 2 + 1;
}

// Whether what differs from the middle level around it is mostly darker.
bool is_dark_on_light(const cv::Mat& small) {
  cv::Mat around, darker, lighter;
  cv::medianBlur(small, around, window_of(small));
  cv::subtract(around, small, darker);
  cv::subtract(small, around, lighter);
  constexpr double kNoise = 12;  // grey levels of 255
  cv::threshold(darker, darker, kNoise, 0, cv::THRESH_TOZERO);
  cv::threshold(lighter, lighter, kNoise, 0, cv::THRESH_TOZERO);
  return cv::sum(darker)[0] >= cv::sum(lighter)[0];
}

// How much darker than its paper each pixel is, as a part of the paper's level,
// of 255. The paper's level is what is left when all that is narrow is filled
// up: shadows keep their edges so.
cv::Mat find_ink(const cv::Mat& grey) {
  cv::Mat small = shrunk(grey, kLightSide);
  const bool dark = is_dark_on_light(small);
  if (!dark) small = 255 - small;
  cv::Mat paper, ink;
  const int window = window_of(small);
  cv::medianBlur(small, paper, 3);
  // A shadow along the picture's edge goes on beyond it, and so is not narrow.
  cv::copyMakeBorder(
      paper, paper, window, window, window, window, cv::BORDER_REPLICATE
  );
  cv::morphologyEx(
      paper,
      paper,
      cv::MORPH_CLOSE,
      cv::getStructuringElement(cv::MORPH_ELLIPSE, {window, window})
  );
  paper = paper(cv::Rect({window, window}, small.size())).clone();
  cv::GaussianBlur(paper, paper, {0, 0}, 2);
  cv::resize(paper, paper, grey.size(), 0, 0, cv::INTER_LINEAR);
  cv::subtract(paper, dark ? grey : cv::Mat(255 - grey), ink);
  cv::divide(ink, paper, ink, 255);
  return ink;
}

constexpr double kWorkingPixels = 4e6;

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

cv::Mat page_in_grey(const cv::Mat& picture) {
  cv::Mat p = picture, grey;
  if (p.depth() == CV_16U) p.convertTo(p, CV_8U, 1.0 / 257);
  grey = p;
  if (p.channels() == 3) cv::cvtColor(p, grey, cv::COLOR_BGR2GRAY);
  if (p.channels() == 4) {
    cv::cvtColor(p, grey, cv::COLOR_BGRA2GRAY);
    cv::Mat alpha;
    cv::extractChannel(p, alpha, 3);
    cv::Mat darkness = 255 - grey;
    cv::multiply(darkness, alpha, darkness, 1.0 / 255);
    grey = 255 - darkness;
  }
  return grey;
}

PageInk find_page_ink(const cv::Mat& picture) {
  const double factor = std::min(
      1.0, std::sqrt(kWorkingPixels / static_cast<double>(picture.total()))
  );
  // Shrunk first: a copy in full size would be tens of megabytes.
  const cv::Mat grey =
      page_in_grey(factor < 1 ? scaled(picture, factor) : picture);
  PageInk page;
  page.ink = find_ink(grey);
  find_masks(page);
  page.to_picture = {1 / factor, 0, 0, 0, 1 / factor, 0};
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
  const double factor = page.to_picture(0, 0);
  result.to_picture = back * factor;
  return result;
}

}  // namespace digitorch
