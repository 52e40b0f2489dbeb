// Dropout whose numbers are drawn by all cores.
#pragma once

#include <torch/types.h>

namespace digitorch {

/// As torch::dropout: in training each element is zero with this probability
/// (0 <= p < 1), to a 65,536th, and divided by 1 - p otherwise; x itself
/// outside of training. Draws one number from the default generator of x's
/// device, on which everything else depends, so that threads change nothing.
/// The result on a CPU is float32. There LibTorch draws with one core alone and
/// an element at a time, which took a tenth of a training step.
torch::Tensor dropout(
    const torch::Tensor& x, double probability, bool training
);

}  // namespace digitorch
