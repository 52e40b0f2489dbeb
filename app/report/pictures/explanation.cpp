#include "app/report/pictures/explanation.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"
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
Raster picture_raster(const cv::Mat& photo, Point corner) {
  const double factor = kSide / std::max(photo.cols, photo.rows);
  const Size size{photo.cols * factor, photo.rows * factor};
  cv::Mat shown = photo;
  if (factor < 0.5)
    cv::resize(
        photo,
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
  const bool colour = shown.channels() == 3;
  for (int y = 0; y < shown.rows; ++y)
    for (int x = 0; x < shown.cols; ++x) {
      const cv::Vec3b bgr = colour ? shown.at<cv::Vec3b>(y, x)
                                   : cv::Vec3b::all(shown.at<uint8_t>(y, x));
      raster.rgb.insert(raster.rgb.end(), {bgr[2], bgr[1], bgr[0]});
    }
  return raster;
}

void add_panels(Drawing& sheet, const Explanation& shown, double top) {
  const auto corner = [&](int index) {
    // Three panels stand in the middle of the room of four.
    const double first = shown.picture.is_ink ? 0 : (kSide + kGap) / 2;
    return Point{kMargin + first + index * (kSide + kGap), top};
  };
  cv::Mat ink = shown.ink;
  if (ink.empty()) ink = cv::Mat::zeros(shown.photo.size(), CV_8U);
  int index = 0;
  const auto add = [&](const Raster& raster, const char* name) {
    add_panel(sheet, raster, name, {corner(index), {kSide, kSide}});
    ++index;
  };
  add(picture_raster(shown.photo, corner(index)), "picture");
  if (shown.picture.is_ink)
    add(picture_raster(255 - ink, corner(index)), "ink found");
  add(image_raster(shown.picture, corner(index), kSide),
      "what the network sees");
  add(saliency_raster(shown.saliency, shown.picture, corner(index), kSide),
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
