#include "datasets/page_ink.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

constexpr double kWorkingPixels = 6e6;

// Light of the paper behind the ink
cv::Mat paper_light(const cv::Mat& grey) {
  const double factor = std::min(1.0, 400.0 / std::max(grey.rows, grey.cols));
  cv::Mat small, light;
  cv::resize(grey, small, {}, factor, factor, cv::INTER_AREA);
  cv::medianBlur(small, small, 3);
  const int side = std::max(small.rows, small.cols) / 12 * 2 + 1;
  const cv::Mat kernel =
      cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side});
  cv::morphologyEx(small, light, cv::MORPH_CLOSE, kernel);
  cv::GaussianBlur(light, light, {0, 0}, 2);
  cv::resize(light, light, grey.size(), 0, 0, cv::INTER_LINEAR);
  return light;
}

}  // namespace

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

UprightPage find_page_ink(const cv::Mat& picture) {
  cv::Mat grey = page_in_grey(picture);
  const double factor = std::min(
      1.0, std::sqrt(kWorkingPixels / static_cast<double>(grey.total()))
  );
  if (factor < 1) cv::resize(grey, grey, {}, factor, factor, cv::INTER_AREA);
  if (cv::mean(grey)[0] < 110) grey = 255 - grey;
  cv::Mat light = paper_light(grey);
  cv::Mat ink;
  cv::subtract(light, grey, ink);
  cv::divide(ink, light, ink, 255);
  auto find_mask = [](const cv::Mat& strength) {
    // Ink is at least 0.4 of the strongest near by, and stronger than noise.
    cv::Mat small, smooth;
    const double f =
        std::min(1.0, 300.0 / std::max(strength.rows, strength.cols));
    cv::GaussianBlur(strength, smooth, {3, 3}, 0);
    cv::Mat local = smooth.clone();
    const int cell = std::max(1, cvRound(1 / f));
    cv::dilate(local, local, cv::Mat::ones(cell, cell, CV_8U));
    cv::resize(local, small, {}, f, f, cv::INTER_NEAREST);
    cv::dilate(small, small, cv::Mat::ones(9, 9, CV_8U));
    cv::blur(small, small, {9, 9});
    cv::resize(small, local, strength.size(), 0, 0, cv::INTER_LINEAR);
    cv::Mat threshold;
    local.convertTo(threshold, CV_8U, 0.4);
    threshold = cv::max(threshold, 25);
    return cv::Mat(smooth > threshold);
  };
  UprightPage page;
  cv::Mat mask = find_mask(ink);
  const double degrees = find_skew(mask);
  cv::Matx23d shrink(factor, 0, 0, 0, factor, 0);
  // pixel in shrunk -> upright
  const cv::Point2d centre(grey.cols / 2.0, grey.rows / 2.0);
  const double a = degrees * CV_PI / 180;
  const int cols =
      cvCeil(grey.cols * std::cos(a) + grey.rows * std::abs(std::sin(a)));
  const int rows =
      cvCeil(grey.rows * std::cos(a) + grey.cols * std::abs(std::sin(a)));
  cv::Mat turn = cv::getRotationMatrix2D(centre, degrees, 1);
  turn.at<double>(0, 2) += cols / 2.0 - centre.x;
  turn.at<double>(1, 2) += rows / 2.0 - centre.y;
  if (degrees != 0) {
    cv::warpAffine(ink, page.ink, turn, {cols, rows}, cv::INTER_LINEAR);
    page.mask = find_mask(page.ink);
  } else {
    page.ink = ink;
    page.mask = mask;
  }
  cv::Mat back;
  cv::invertAffineTransform(turn, back);
  if (degrees == 0) back = (cv::Mat_<double>(2, 3) << 1, 0, 0, 0, 1, 0);
  back /= factor;
  page.to_picture = cv::Matx23d(back.ptr<double>());
  return page;
}

}  // namespace digitorch
