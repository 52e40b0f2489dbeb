// Small pictures and matrices as pixels of a drawing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// The side in pixels of the images that the networks take.
inline constexpr int kPictureSide = 28;

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

/// An image of 28 x 28 pixels, bright on black as in MNIST, drawn dark on
/// white.
Raster image_raster(
    const std::vector<uint8_t>& pixels, Point corner, double side
);

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
