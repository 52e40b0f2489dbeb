#include "app/report/drawing/pixels.h"

#include <algorithm>
#include <stdexcept>

#include "app/report/drawing/colors.h"
#include "app/report/drawing/layout.h"

namespace digitorch {

Raster raster_of(
    const std::vector<float>& values,
    int rows,
    int columns,
    Point corner,
    Size size,
    const std::function<Color(float)>& color
) {
  if (values.size() != std::size_t(rows) * std::size_t(columns))
    throw std::logic_error("a picture of another size than its pixels");
  Raster raster{corner, size, columns, rows};
  for (const float value : values) {
    const Color shown = color(value);
    raster.rgb.insert(raster.rgb.end(), {shown.red, shown.green, shown.blue});
  }
  return raster;
}

Color PixelPicture::color(std::size_t i) const {
  if (is_ink) return grey(1 - float(values[i]) / 255);
  if (channels == 1) return grey(float(values[i]) / 255);
  const std::size_t plane = std::size_t(height) * std::size_t(width);
  return {values[i], values[plane + i], values[2 * plane + i]};
}

Raster image_raster(const PixelPicture& picture, Point corner, double side) {
  const std::size_t pixels =
      std::size_t(picture.height) * std::size_t(picture.width);
  if (picture.values.size() != pixels * std::size_t(picture.channels))
    throw std::logic_error("a picture of another size than its pixels");
  const Fitted place = fitted(picture.height, picture.width, corner, side);
  Raster raster{place.corner, place.size, picture.width, picture.height};
  for (std::size_t i = 0; i < pixels; ++i) {
    const Color shown = picture.color(i);
    raster.rgb.insert(raster.rgb.end(), {shown.red, shown.green, shown.blue});
  }
  return raster;
}

Fitted fitted(int rows, int columns, Point corner, double side) {
  const double pixel = side / std::max(rows, columns);
  const Size size{columns * pixel, rows * pixel};
  return {
      {corner.x + (side - size.width) / 2, corner.y + (side - size.height) / 2},
      size};
}

Polyline frame_of(const Raster& raster) {
  const auto [x, y] = raster.corner;
  const auto [width, height] = raster.size;
  return {
      {{x, y},
       {x + width, y},
       {x + width, y + height},
       {x, y + height},
       {x, y}},
      {{150, 150, 150}, 1}};
}

void add_panel(
    Drawing& drawing,
    const Raster& raster,
    const std::string& name,
    const Panel& panel
) {
  drawing.add(raster);
  drawing.add(frame_of(raster));
  drawing.add(Text{
      {panel.corner.x + panel.size.width / 2,
       panel.corner.y + panel.size.height + line_height(kTextSize)},
      name,
      kTextSize,
      Align::centre});
}

Drawing draw_scale_bar(
    double width,
    const std::function<Color(double)>& color_of_part,
    const std::vector<std::string>& texts
) {
  constexpr int kSteps = 128;
  constexpr double kHeight = 8;
  std::vector<float> parts;
  for (int i = 0; i < kSteps; ++i) parts.push_back(float(i) / (kSteps - 1));
  Drawing bar{{width, kHeight + line_height(kSmallSize)}, {}};
  const Raster raster =
      raster_of(parts, 1, kSteps, {0, 0}, {width, kHeight}, color_of_part);
  bar.add(raster);
  bar.add(frame_of(raster));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const double part =
        texts.size() == 1 ? 0.5 : double(i) / double(texts.size() - 1);
    bar.add(Text{
        {part * width, kHeight + 2 + kSmallSize * 0.85},
        texts[i],
        kSmallSize,
        part == 0   ? Align::left
        : part == 1 ? Align::right
                    : Align::centre});
  }
  return bar;
}

}  // namespace digitorch
