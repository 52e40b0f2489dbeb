// How a network arranges the pictures, as a picture.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// A point a picture, in the plane of its features' first two principal
/// components, coloured by class; each class's name stands at its centre.
/// labels: a class each. explained: both components' parts of the variance.
/// The SVG holds every point, some 60 bytes each.
Drawing draw_embedding(
    const std::vector<std::array<float, 2>>& points,
    const std::vector<int64_t>& labels,
    const std::vector<std::string>& class_names,
    std::array<double, 2> explained
);

}  // namespace digitorch
