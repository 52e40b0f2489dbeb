// Layers that a training leaves as they are.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/networks/classifier.h"

namespace digitorch {

/// How many of the network's parameters, the first ones, belong to its first
/// `layers` layers with weights. Throws std::runtime_error naming --freeze
/// where no layer would be left to train, and for a network with batch norm,
/// whose running statistics would change all the same.
std::size_t frozen_parameters(const Classifier&, int64_t layers);

}  // namespace digitorch
