// What the two fully connected networks, mlp and scratch, share: their options,
// their checks and how they are described. The end of a cnn is one of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/networks/classifier.h"
#include "models/networks/layers.h"
#include "models/networks/task.h"
#include "models/options/fields.h"

namespace digitorch {

/// The fields "hidden", "activation" (a name in activation.h) and
/// "initialisation" (a name in initialisation.h).
std::vector<Field> fully_connected_fields(
    std::vector<int64_t>& hidden,
    std::string& activation,
    std::string& initialisation
);

/// Throws std::runtime_error naming the option for more layers or weights than
/// limits.h allows.
void check_fully_connected(const std::vector<int64_t>& hidden, const NetworkTask&);

/// "784-512-256-10 relu". The first number is that of a picture's values, one
/// channel after the other and row by row from the top.
std::string
fully_connected_summary(const std::vector<int64_t>& hidden, const std::string& activation, const NetworkTask&);

/// The layers from flatten to the logits, of a network whose weights are named
/// hidden.0, hidden.1, ..., output, and norm.0, ... where `batch_norm` is set.
NetworkLayers fully_connected_layers(
    size_t hidden_layers, const std::string& activation, bool batch_norm
);

}  // namespace digitorch
