#include "app/report/pictures/image_grid.h"

#include <algorithm>

#include "app/report/drawing/layout.h"

namespace digitorch {

Drawing draw_image_grid(
    const std::string& title,
    const std::vector<CaptionedImage>& images,
    int columns
) {
  constexpr double kSide = 3 * kPictureSide;
  constexpr double kGap = 14;
  constexpr double kWidestCaption = 120;
  double width = kSide;
  std::size_t lines = 0;
  for (const CaptionedImage& image : images) {
    width = std::max(
        width, std::min(kWidestCaption, widest(image.lines, kSmallSize))
    );
    lines = std::max(lines, image.lines.size());
  }
  const double line = line_height(kSmallSize);
  const Size cell{width + kGap, kSide + line * double(lines) + kGap};
  const int across = std::clamp(columns, 1, std::max(1, int(images.size())));
  const int rows = (int(images.size()) + across - 1) / across;

  Drawing grid;
  grid.size = {
      std::max(
          across * cell.width - kGap + 2 * kMargin,
          std::min(600.0, text_width(title, kSmallSize, true) + 3 * kMargin)
      ),
      rows * cell.height - kGap + 2 * kMargin + title_height(title) + 2};
  const double left =
      (grid.size.width - across * cell.width + kGap) / 2 + width / 2;
  for (int i = 0; i < int(images.size()); ++i) {
    const CaptionedImage& image = images[std::size_t(i)];
    const double centre = left + (i % across) * cell.width;
    const double top =
        kMargin + title_height(title) + (i / across) * cell.height;
    const Raster raster =
        image_raster(image.picture, {centre - kSide / 2, top}, kSide);
    grid.add(raster);
    grid.add(frame_of(raster));
    double baseline = top + kSide + line;
    for (const std::string& text : image.lines) {
      grid.add(Text{
          {centre, baseline},
          shortened(text, kSmallSize, width),
          kSmallSize,
          Align::centre});
      baseline += line;
    }
  }
  add_title(grid, title);
  return grid;
}

}  // namespace digitorch
