// Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015) and
// AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019).
#pragma once

#include <memory>

#include "app/training/optimizers/optimizer.h"

namespace digitorch {

/// As torch.optim.Adam in Python computes it: weight decay is an L2 term of the
/// gradient.
std::unique_ptr<Optimizer> make_adam(const OptimizerOptions&, NamedTensors);

/// As torch.optim.AdamW in Python computes it: weight decay shrinks the weights
/// themselves.
std::unique_ptr<Optimizer> make_adamw(const OptimizerOptions&, NamedTensors);

}  // namespace digitorch
