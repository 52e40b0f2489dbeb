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

/// Where a label is written, in pixels of the reduced page.
struct PlacedLabel {
  cv::Point2d baseline;  // of its left end
  cv::Rect area;         // with the outline
};

// A white outline keeps labels legible on ink.
double outline_of(double letters) { return std::max(1.0, letters / 9); }

Lettering lettering_of(double letters, const cv::Scalar& color) {
  return {.size = letters / kCapitalHeight, .bold = true, .color = color};
}

/// Above the box, or below it where there is no page above.
PlacedLabel place_label(
    const cv::Rect& box, const std::string& label, double letters
) {
  const double width = letters_width(label, letters / kCapitalHeight, true);
  const double around = outline_of(letters);
  const double gap = around + 2;
  cv::Point2d at(box.x + (box.width - width) / 2, box.y - gap);
  if (at.y - letters < 0) at.y = box.y + box.height + gap + letters;
  const cv::Point top_left(
      cvFloor(at.x - around), cvFloor(at.y - letters - around)
  );
  // Letters such as "g" reach a quarter of the font's height below.
  const cv::Point bottom_right(
      cvCeil(at.x + width + around) + 1, cvCeil(at.y + letters / 3 + around) + 1
  );
  return {at, {top_left, bottom_right}};
}

void draw_label(
    cv::Mat& image,
    const cv::Point2d& at,
    const std::string& label,
    const cv::Scalar& color,
    double letters
) {
  Lettering white = lettering_of(letters, cv::Scalar::all(255));
  white.outline = outline_of(letters);
  draw_letters(image, label, at, white);
  draw_letters(image, label, at, lettering_of(letters, color));
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
  std::vector<cv::Rect> boxes;
  std::vector<PlacedLabel> labels;
  cv::Rect all({}, image.size());
  for (const PageMark& mark : marks) {
    boxes.emplace_back(
        cvFloor(mark.box.x * factor),
        cvFloor(mark.box.y * factor),
        cvCeil(mark.box.width * factor),
        cvCeil(mark.box.height * factor)
    );
    labels.push_back(place_label(boxes.back(), mark.label, letters));
    all |= labels.back().area;
  }
  // Labels that leave the page get paper below them.
  cv::copyMakeBorder(
      image,
      image,
      -all.y,
      all.br().y - image.rows,
      -all.x,
      all.br().x - image.cols,
      cv::BORDER_CONSTANT,
      cv::Scalar::all(255)
  );
  for (size_t i = 0; i < marks.size(); ++i) {
    const cv::Rect box = boxes[i] - all.tl();
    const cv::Scalar color = bgr(category_color(marks[i].unsure ? 1 : 0));
    cv::rectangle(image, box, color, width);
    if (marks[i].unsure) underline(image, box, color, width);
    draw_label(
        image,
        labels[i].baseline - cv::Point2d(all.tl()),
        marks[i].label,
        color,
        letters
    );
  }
  return image;
}

}  // namespace digitorch
