// A scatter plot of a network's features.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// Draws a point for each picture, at its features' first two principal
/// components, in the colour of its class. The classes are named in a legend,
/// or, where they are more than twelve, at the mean of their points. labels:
/// the class of each point. explained: the fraction of the variance that each
/// component explains. The SVG has some 60 bytes for each point.
Drawing draw_embedding(
    const std::vector<std::array<float, 2>>& points,
    const std::vector<int64_t>& labels,
    const std::vector<std::string>& class_names,
    std::array<double, 2> explained
);

}  // namespace digitorch
