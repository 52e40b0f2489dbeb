// Small pictures and matrices as pixels of a drawing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// Side of the pictures that the networks take.
inline constexpr int kPictureSide = 28;

/// values: rows x columns, each coloured by `color`. Throws std::logic_error
/// for another number of values.
Raster raster_of(
    const std::vector<float>& values,
    int rows,
    int columns,
    Point corner,
    Size size,
    const std::function<Color(float)>& color
);

/// 28 x 28 pixels of ink, bright on black as MNIST's, shown dark on paper.
Raster image_raster(
    const std::vector<uint8_t>& pixels, Point corner, double side
);

/// A line around a raster, so that its paper ends somewhere.
Polyline frame_of(const Raster&);

/// Where a drawing has a picture, whose name stands below it.
struct Panel {
  Point corner;
  Size size;
};

/// Adds the raster with a frame around it, and its name below the panel.
void add_panel(Drawing&, const Raster&, const std::string& name, const Panel&);

/// A colour scale: a bar of the given width with texts below its ends and its
/// middle, whose capitals need line_height(kSmallSize) below it.
Drawing draw_scale_bar(
    double width,
    const std::function<Color(double)>& color_of_part,  ///< of 0 .. 1
    const std::vector<std::string>& texts
);

}  // namespace digitorch
