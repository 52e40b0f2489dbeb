// What the layers of a network have learnt, and what they make of a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Every 4-D weight [outputs, inputs, k, k] as tiles: black is negative, white
/// positive, mid-grey 0; deeper layers as a table, a row an output, a column an
/// input; of large ones the first. A network without any shows what each unit
/// of its first layer, a weight [units, 784], looks for: orange ink speaks for
/// it, blue against. Throws c10::Error where `parameters` hold neither.
Drawing draw_filters(const NamedTensors& parameters);

/// picture: 28 x 28. layers: in order, each [C, H, W] maps or [F] units, as a
/// LayerTap saw them. probabilities: one for each class.
Drawing draw_activations(
    const std::vector<uint8_t>& picture,
    const NamedTensors& layers,
    const std::vector<std::string>& class_names,
    const std::vector<double>& probabilities
);

}  // namespace digitorch
