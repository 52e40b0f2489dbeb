// Numbers that differ from one training step to the next.
#pragma once

#include <torch/types.h>

#include <variant>

namespace digitorch {

/// A number that a training step computes with, such as the learning rate. It
/// is either a double, which the host knows, or a float32 scalar on the device
/// of the parameters. A step that is replayed on a GPU needs the second kind:
/// it finds a new value in the same tensor each time.
using StepNumber = std::variant<double, torch::Tensor>;

}  // namespace digitorch
