// The marks that tell the points of one series from those of another.
#pragma once

#include <cstddef>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// Seven forms, in turn: disc, square, ring, triangle, frame, cross, plus.
/// radius: about half of the mark's width.
void add_mark(Drawing&, Point at, std::size_t form, Color color, double radius);

}  // namespace digitorch
