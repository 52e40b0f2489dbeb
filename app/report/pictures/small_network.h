// Every weight of a small fully connected network.
#pragma once

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Whether draw_small_network() can show every weight: all weights are 2-D, the
/// first is [units, pixels of `input`], and no layer has more than 32 units.
bool is_small_network(
    const NamedTensors& parameters, const InputFormat& input = {}
);

/// Draws units as circles and weights as lines between them. The colour of a
/// line tells the sign of its weight, the width its size relative to the
/// largest weight of the layer. Each unit of the first layer is drawn as an
/// image of its weights, the mean of its colours. Throws c10::Error where
/// is_small_network() is false or the last layer does not have one unit for
/// each class.
Drawing draw_small_network(
    const NamedTensors& parameters,
    const std::vector<std::string>& class_names,
    const InputFormat& input = {}
);

}  // namespace digitorch
