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

/// Whether draw_small_network can show every weight: 2-D weights alone, the
/// first of them [units, 784], at most 32 units a layer.
bool is_small_network(const NamedTensors& parameters);

/// Units and the weights between them, as lines coloured by sign, as wide as
/// the weight is large in its layer. Units of the first layer are shown as the
/// picture of their weights. Throws c10::Error where is_small_network() is
/// false or the last layer has not one unit for each class.
Drawing draw_small_network(
    const NamedTensors& parameters, const std::vector<std::string>& class_names
);

}  // namespace digitorch
