#include "app/report/pictures/explanation.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"
#include "app/report/drawing/pixels.h"
#include "app/report/pictures/saliency.h"

namespace digitorch {
namespace {

constexpr double kSide = 7 * kPictureSide;
constexpr double kGap = 16;
constexpr double kWidth = 4 * kSide + 3 * kGap;
constexpr double kAnswers = 2 * kSide;  // width of the lower left part
constexpr double kBarHeight = 18;

/// The picture centred in a square, as large as fits, with at most two pixels
/// for each unit of the drawing.
Raster picture_raster(const cv::Mat& grey, Point corner) {
  const double factor = kSide / std::max(grey.cols, grey.rows);
  const Size size{grey.cols * factor, grey.rows * factor};
  cv::Mat shown = grey;
  if (factor < 0.5)
    cv::resize(
        grey,
        shown,
        {std::max(1, int(2 * size.width)), std::max(1, int(2 * size.height))},
        0,
        0,
        cv::INTER_AREA
    );
  Raster raster{
      {corner.x + (kSide - size.width) / 2,
       corner.y + (kSide - size.height) / 2},
      size,
      shown.cols,
      shown.rows,
      {}};
  for (int y = 0; y < shown.rows; ++y)
    for (int x = 0; x < shown.cols; ++x)
      raster.rgb.insert(raster.rgb.end(), 3, shown.at<uint8_t>(y, x));
  return raster;
}

void add_panels(Drawing& sheet, const Explanation& shown, double top) {
  const auto corner = [&](int index) {
    return Point{kMargin + index * (kSide + kGap), top};
  };
  cv::Mat ink = shown.ink;
  if (ink.empty()) ink = cv::Mat::zeros(shown.photo.size(), CV_8U);
  const auto add = [&](int index, const Raster& raster, const char* name) {
    add_panel(sheet, raster, name, {corner(index), {kSide, kSide}});
  };
  add(0, picture_raster(shown.photo, corner(0)), "picture");
  add(1, picture_raster(255 - ink, corner(1)), "ink found");
  add(2, image_raster(shown.picture, corner(2), kSide), "what the network sees"
  );
  add(3,
      saliency_raster(shown.saliency, corner(3), kSide),
      "|gradient| of the answer");
}

/// Adds a bar for each answer, whose length is the probability.
void add_answers(Drawing& sheet, const Explanation& shown, double top) {
  constexpr double kPercentWidth = 76;
  std::vector<std::string> names;
  double name_width = 0;
  for (const auto& [name, probability] : shown.answers) {
    names.push_back(shortened(name, kTextSize, kAnswers / 3, true));
    name_width =
        std::max(name_width, text_width(names.back(), kTextSize, true));
  }
  const double left = kMargin + name_width + 8;
  const double longest = kMargin + kAnswers - left - kPercentWidth;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double y = top + double(i) * (kBarHeight + 6);
    const double probability = shown.answers[i].second;
    const double baseline = baseline_at(y + kBarHeight / 2, kTextSize);
    sheet.add(Text{
        {left - 8, baseline}, names[i], kTextSize, Align::right, i == 0});
    sheet.add(Rectangle{{left, y}, {longest, kBarHeight}, kFaint});
    sheet.add(Rectangle{
        {left, y}, {longest * probability, kBarHeight}, category_color(0)});
    sheet.add(Text{
        {kMargin + kAnswers, baseline},
        percent_text(probability, 2),
        kTextSize,
        Align::right});
  }
}

}  // namespace

Drawing draw_explanation(const Explanation& shown) {
  const double top = kMargin + title_height(shown.title);
  const double lower = top + kSide + 2 * line_height(kTextSize) + kGap;
  Drawing sheet{{kWidth + 2 * kMargin, 0}, {}};
  add_panels(sheet, shown, top);
  add_answers(sheet, shown, lower);
  double height = double(shown.answers.size()) * (kBarHeight + 6);
  if (!shown.nearest.empty()) {
    constexpr int kInARow = 4;
    const Drawing nearest = draw_image_grid(
        "The nearest training pictures, as the network sees them",
        shown.nearest,
        kInARow
    );
    const double room = kWidth + 2 * kMargin - kAnswers - kMargin;
    sheet.add(
        nearest,
        {kAnswers + kMargin + (room - nearest.size.width) / 2, lower - kMargin}
    );
    height = std::max(height, nearest.size.height - kMargin);
  }
  sheet.size.height = lower + height + kMargin;
  add_title(sheet, shown.title);
  return sheet;
}

}  // namespace digitorch
