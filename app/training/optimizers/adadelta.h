// Adadelta (Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012).
#pragma once

#include <memory>

#include "app/training/optimizers/optimizer.h"

namespace digitorch {

/// As torch.optim.Adadelta in Python computes it, with rho = options.beta2.
std::unique_ptr<Optimizer> make_adadelta(const OptimizerOptions&, NamedTensors);

}  // namespace digitorch
