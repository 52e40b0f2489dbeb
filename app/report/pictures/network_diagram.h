// The layers of a network, as a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"
#include "models/networks/classifier.h"

namespace digitorch {

struct LayerShape {
  std::string name;
  std::vector<int64_t> shape;  ///< Of its output, without batch; 1-D or 3-D.
  int64_t weights = 0;         ///< What is trained, biases too.
};

/// Stacks of maps and bars of units in order, larger where the layer is, with
/// name, shape and number of weights, in as many rows as they need. summary:
/// the title.
Drawing draw_network(
    const std::string& summary, const std::vector<LayerShape>& layers
);

}  // namespace digitorch
