// Marks of different forms for the points of different series.
#pragma once

#include <cstddef>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// Adds a mark in one of seven forms: disc, square, ring, triangle, frame,
/// cross, plus; then again from the first. radius: half of the mark's width.
void add_mark(Drawing&, Point at, std::size_t form, Color color, double radius);

}  // namespace digitorch
