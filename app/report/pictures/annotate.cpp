#include "app/report/pictures/annotate.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "app/report/drawing/colors.h"
#include "app/report/drawing/letters.h"
#include "datasets/vision/grey.h"
#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

constexpr double kMaxPixels = 16e6;

constexpr int kMinLetters = 9;  // pixels; smaller ones cannot be read

// How far the page is faded, so that marks stand out from its ink.
constexpr double kFaded = 0.6;

cv::Scalar bgr(const Color& color) {
  return {
      static_cast<double>(color.blue),
      static_cast<double>(color.green),
      static_cast<double>(color.red)};
}

// A line below says unsure in grey print too.
void underline(
    cv::Mat& image, const cv::Rect& box, const cv::Scalar& color, int width
) {
  const int y = box.y + box.height + 2 * width;
  cv::line(image, {box.x, y}, {box.x + box.width, y}, color, 2 * width);
}

void draw_label(
    cv::Mat& image,
    const cv::Rect& box,
    const std::string& label,
    const cv::Scalar& color,
    double letters
) {
  // A letter's height includes half of its strokes' width at either end.
  const double scale = letters / (kCapitalHeight + 1);
  const int stem = std::max(1, cvRound(letters / 9));
  const int width = letters_width(label, scale) - 1 + stem;
  const int height = cvRound(scale * kCapitalHeight + (stem + 1) / 2.0);
  const int gap = stem + 2;
  cv::Point at(box.x + (box.width - width) / 2, box.y - gap);
  if (at.y - height < 0) at.y = box.y + box.height + gap + height;
  // A white outline keeps the label legible on ink.
  draw_letters(image, label, at, {scale, 3 * stem, {255, 255, 255}});
  draw_letters(image, label, at, {scale, stem, color});
}

// All labels of a page have the same height, which follows from the median
// height of its digits.
double letter_height(const std::vector<PageMark>& marks, double factor) {
  if (marks.empty()) return kMinLetters;
  std::vector<int> heights;
  for (const PageMark& mark : marks) heights.push_back(mark.box.height);
  const int middle = median_of(std::move(heights));
  return std::max<double>(kMinLetters, 0.4 * factor * middle);
}

}  // namespace

cv::Mat annotate(const cv::Mat& page, const std::vector<PageMark>& marks) {
  cv::Mat grey = grey_on_white(page);
  const double factor =
      std::min(1.0, std::sqrt(kMaxPixels / static_cast<double>(grey.total())));
  if (factor < 1) cv::resize(grey, grey, {}, factor, factor, cv::INTER_AREA);
  grey.convertTo(grey, CV_8U, kFaded, 255 * (1 - kFaded));
  cv::Mat image;
  cv::cvtColor(grey, image, cv::COLOR_GRAY2BGR);
  const double letters = letter_height(marks, factor);
  const int width = std::max(1, cvRound(letters / 16));
  for (const PageMark& mark : marks) {
    const cv::Rect box(
        cvFloor(mark.box.x * factor),
        cvFloor(mark.box.y * factor),
        cvCeil(mark.box.width * factor),
        cvCeil(mark.box.height * factor)
    );
    const cv::Scalar color = bgr(category_color(mark.unsure ? 1 : 0));
    cv::rectangle(image, box, color, width);
    if (mark.unsure) underline(image, box, color, width);
    draw_label(image, box, mark.label, color, letters);
  }
  return image;
}

}  // namespace digitorch
