// Small pictures and matrices as pixels of a drawing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// The side of MNIST's pictures in pixels. Whole multiples of it are the sides
/// at which pictures are drawn.
inline constexpr int kPictureSide = 28;

/// A picture as networks take it.
struct PixelPicture {
  /// One channel after the other, red first, each row by row.
  std::vector<uint8_t> values;
  int channels = 1;  ///< 1 or 3.
  int height = kPictureSide;
  int width = kPictureSide;
  bool is_ink = true;  ///< Bright on black, which is drawn dark on white.

  /// The colour in which pixel number `i` is drawn.
  Color color(std::size_t i) const;
};

/// A raster with one pixel for each value, coloured by `color`. values: row by
/// row. Throws std::logic_error where there are not rows x columns of them.
Raster raster_of(
    const std::vector<float>& values,
    int rows,
    int columns,
    Point corner,
    Size size,
    const std::function<Color(float)>& color
);

/// A picture, as large as fits into a square, in its middle. Throws
/// std::logic_error where it has not as many values as its sizes say.
Raster image_raster(const PixelPicture&, Point corner, double side);

/// The place of something of so many rows and columns, as large as fits into a
/// square, in its middle.
struct Fitted {
  Point corner;
  Size size;
};
Fitted fitted(int rows, int columns, Point corner, double side);

/// A line around a raster, which shows where its background ends.
Polyline frame_of(const Raster&);

/// The place of a picture in a drawing, above its name.
struct Panel {
  Point corner;
  Size size;
};

/// Adds the raster with a frame around it, and its name below the panel.
void add_panel(Drawing&, const Raster&, const std::string& name, const Panel&);

/// A horizontal colour scale of the given width with texts below it, at both
/// ends or at both ends and the middle.
Drawing draw_scale_bar(
    double width,
    const std::function<Color(double)>& color_of_part,  ///< For 0..1.
    const std::vector<std::string>& texts
);

}  // namespace digitorch
