#include "app/report/pictures/sections.h"

#include <algorithm>
#include <cmath>

#include "app/report/drawing/layout.h"
#include "app/report/drawing/pixels.h"

namespace digitorch {

Sections::Sections(double width) : width_(width) {
  drawing_.size = {width + 2 * kMargin, kMargin};
}

void Sections::begin(const std::string& label, const Drawing* scale) {
  constexpr double kGap = 16;
  const double top = drawing_.size.height;
  double room = width_;
  if (scale != nullptr) room -= scale->size.width + kGap;
  const std::string shown = shortened(label, kTextSize, room, true);
  if (scale != nullptr)
    drawing_.add(
        *scale, {kMargin + text_width(shown, kTextSize, true) + kGap, top}
    );
  drawing_.add(Text{
      {kMargin, top + kTextSize}, shown, kTextSize, Align::left, true});
  const double height = std::max(
      line_height(kTextSize), scale == nullptr ? 0 : scale->size.height
  );
  drawing_.size.height += height + 6;
}

void Sections::add(const Drawing& part) {
  constexpr double kGap = 14;
  drawing_.add(part, {kMargin, drawing_.size.height});
  drawing_.size.height += part.size.height + kGap;
}

Drawing Sections::finish() { return std::move(drawing_); }

torch::Tensor plain(const torch::Tensor& tensor) {
  return tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
}

torch::Tensor in_rows(const torch::Tensor& tiles, int64_t columns) {
  const torch::Tensor maps = tiles.dim() == 1 ? tiles.view({-1, 1, 1}) : tiles;
  const int64_t rows = (maps.size(0) + columns - 1) / columns;
  return torch::constant_pad_nd(
             maps, {0, 0, 0, 0, 0, rows * columns - maps.size(0)}, std::nan("")
  )
      .view({rows, columns, maps.size(1), maps.size(2)});
}

Drawing draw_tiles(
    const torch::Tensor& tiles,
    double pitch,
    const std::function<Color(float)>& color
) {
  const int64_t rows = tiles.size(0);
  const int64_t columns = tiles.size(1);
  const int64_t high = tiles.size(2);
  const int64_t wide = tiles.size(3);
  // A value becomes `zoom` pixels a side, so that the gap can be narrower than
  // it: a tenth of the tile, whatever the tile's size.
  constexpr int64_t kMinWidth = 28;
  const int64_t zoom = std::max<int64_t>(2, (kMinWidth + wide - 1) / wide);
  const int64_t gap = wide * zoom / 10;
  const torch::Tensor padded =
      torch::constant_pad_nd(
          tiles.repeat_interleave(zoom, 2).repeat_interleave(zoom, 3),
          {0, gap, 0, gap},
          std::nan("")
      )
          .permute({0, 2, 1, 3})
          .reshape({rows * (high * zoom + gap), columns * (wide * zoom + gap)})
          .contiguous();
  const auto* values = padded.const_data_ptr<float>();
  const double unit = pitch / double(wide * zoom + gap);
  const Size size{double(padded.size(1)) * unit, double(padded.size(0)) * unit};
  Drawing drawing{size, {}};
  drawing.add(raster_of(
      {values, values + padded.numel()},
      int(padded.size(0)),
      int(padded.size(1)),
      {0, 0},
      size,
      [&](float value) { return std::isnan(value) ? kPaper : color(value); }
  ));
  return drawing;
}

}  // namespace digitorch
