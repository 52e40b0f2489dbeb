// The two directions of conv_pool on a CPU, for a batch: how weights and
// pictures lie in memory for the loops, and how a batch is divided among
// threads.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

#include "models/kernels/conv_pool_loops.h"

namespace digitorch {

/// The same pictures, [N, ...] on a CPU, contiguous, without autograd. Unlike
/// contiguous(), it shares the work as share_work() does.
torch::Tensor contiguous_pictures(const torch::Tensor& pictures);

/// The sizes of the layer for pictures of that many channels, rows and columns.
/// weight: [O, C, k, k]; padding: zeros on each side.
ConvPoolShape conv_pool_shape(
    int64_t channels,
    int64_t height,
    int64_t width,
    const torch::Tensor& weight,
    int64_t padding
);

/// A weight, float32 [O, C, k, k], as the loops of the forward pass read it.
torch::Tensor conv_pool_blocks(const torch::Tensor& weight);

struct ConvPoolForward {
  torch::Tensor output;  ///< [N, H', W', O].
  /// uint8, as the output: which place of each pooling window won. Undefined
  /// where not asked for.
  torch::Tensor winners;
};

/// pixels: float32 [N, H, W, C], contiguous; weight: float32 [O, C, k, k];
/// bias: [O]; blocks: conv_pool_blocks(weight), which is called where it is
/// undefined. Sums depend on the number of threads and nothing else.
ConvPoolForward conv_pool_forward_cpu(
    const torch::Tensor& pixels,
    const torch::Tensor& weight,
    const torch::Tensor& bias,
    int64_t padding,
    bool with_winners,
    const torch::Tensor& blocks = {}
);

struct ConvPoolGradients {
  torch::Tensor pixels;  ///< [N, H, W, C]; undefined where not asked for.
  torch::Tensor weight;  ///< [O, C, k, k].
  torch::Tensor bias;    ///< [O].
};

/// winners: of the forward pass; gradient: of its output, [N, H', W', O],
/// contiguous.
ConvPoolGradients conv_pool_backward_cpu(
    const torch::Tensor& pixels,
    const torch::Tensor& weight,
    const torch::Tensor& winners,
    const torch::Tensor& gradient,
    int64_t padding,
    bool with_pixels
);

/// What the loops run on here: "AVX-512", "AVX2" or "portable".
std::string conv_pool_instructions();

}  // namespace digitorch
