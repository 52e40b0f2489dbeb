// Dropout that draws random numbers on all cores.
#pragma once

#include <torch/types.h>

namespace digitorch {

/// As torch::dropout. In training each element becomes 0 with this probability,
/// 0 <= p < 1, rounded to a multiple of 1/65536, and is divided by 1 - p
/// otherwise; outside of training x is returned. x: float of any shape; on a
/// CPU the result is float32. Draws one number from the default generator of
/// x's device, on which all others depend, so that the number of threads does
/// not change the result. LibTorch draws on one core, an element at a time,
/// which took a tenth of a training step.
torch::Tensor dropout(
    const torch::Tensor& x, double probability, bool training
);

}  // namespace digitorch
