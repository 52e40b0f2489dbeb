// Stochastic gradient descent, with momentum where the options ask for it.
#pragma once

#include <memory>

#include "app/training/optimizers/optimizer.h"

namespace digitorch {

/// As torch.optim.SGD in Python computes it. Without momentum it keeps no
/// state.
std::unique_ptr<Optimizer> make_sgd(const OptimizerOptions&, NamedTensors);

}  // namespace digitorch
