// The layers of a network as a diagram.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"
#include "models/networks/classifier.h"

namespace digitorch {

struct LayerShape {
  std::string name;
  std::vector<int64_t> shape;  ///< [C, H, W] or [F], of its output.
  int64_t parameters = 0;      ///< Number of trained values, with biases.
};

/// Draws the layers in order, as stacks of maps or columns of units whose size
/// grows with the layer's, each with its name, shape and number of parameters,
/// in as many rows as needed. Long columns leave out units in their middle.
/// summary: the title.
Drawing draw_network(
    const std::string& summary, const std::vector<LayerShape>& layers
);

}  // namespace digitorch
