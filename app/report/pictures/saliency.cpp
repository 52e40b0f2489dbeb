#include "app/report/pictures/saliency.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"

namespace digitorch {
namespace {

constexpr double kSide = 7 * kPictureSide;

/// The values divided by their maximum.
std::vector<float> heat_of(const std::vector<float>& saliency) {
  const float largest = *std::max_element(saliency.begin(), saliency.end());
  std::vector<float> heat;
  for (const float value : saliency)
    heat.push_back(largest > 0 ? value / largest : 0);
  return heat;
}

/// Blends the heat over the image in pale colours.
Color overlaid(Color picture, float heat) {
  constexpr float kPale = 0.45F;
  const auto pale = [](uint8_t value) {
    return uint8_t(std::lround(255 - kPale * float(255 - value)));
  };
  const Color under{pale(picture.red), pale(picture.green), pale(picture.blue)};
  const Color over = diverging_color(1);
  const auto mix = [&](uint8_t a, uint8_t b) {
    return uint8_t(std::lround(float(a) + float(b - a) * heat));
  };
  return {
      mix(under.red, over.red),
      mix(under.green, over.green),
      mix(under.blue, over.blue)};
}

}  // namespace

Drawing draw_saliency(
    const PixelPicture& picture,
    const std::vector<float>& saliency,
    const std::string& title
) {
  if (saliency.empty() ||
      saliency.size() * std::size_t(picture.channels) != picture.values.size())
    throw std::logic_error("a saliency of another size than its picture");
  const std::vector<float> heat = heat_of(saliency);
  const float largest = *std::max_element(saliency.begin(), saliency.end());
  std::vector<float> pixel_numbers(saliency.size());
  for (std::size_t i = 0; i < saliency.size(); ++i) pixel_numbers[i] = float(i);

  constexpr double kGap = 18;
  const double top = kMargin + title_height(title);
  Drawing whole{
      {3 * kSide + 2 * kGap + 2 * kMargin,
       top + kSide + 2 * line_height(kSmallSize) + 16 + kMargin},
      {}};
  const auto corner = [&](int index) {
    return Point{kMargin + index * (kSide + kGap), top};
  };
  const auto add = [&](int index, const Raster& raster, const char* name) {
    add_panel(whole, raster, name, {corner(index), {kSide, kSide}});
  };
  add(0, image_raster(picture, corner(0), kSide), "picture");
  add(1, saliency_raster(saliency, picture, corner(1), kSide), "|gradient|");
  const auto overlay = [&](float number) {
    const auto i = std::size_t(number);
    return overlaid(picture.color(i), heat[i]);
  };
  const Fitted place = fitted(picture.height, picture.width, corner(2), kSide);
  add(2,
      raster_of(
          pixel_numbers,
          picture.height,
          picture.width,
          place.corner,
          place.size,
          overlay
      ),
      "overlay");
  whole.add(
      draw_scale_bar(
          kSide, sequential_color, {"0", short_text(double(largest))}
      ),
      {corner(1).x, top + kSide + line_height(kTextSize) + 8}
  );
  add_note(whole, kAboutSaliency);
  add_title(whole, title);
  return whole;
}

Raster saliency_raster(
    const std::vector<float>& saliency,
    const PixelPicture& picture,
    Point corner,
    double side
) {
  const Fitted place = fitted(picture.height, picture.width, corner, side);
  return raster_of(
      heat_of(saliency),
      picture.height,
      picture.width,
      place.corner,
      place.size,
      sequential_color
  );
}

}  // namespace digitorch
