// Convolution, max pooling and ReLU in one pass over a picture, with gradients
// that follow the winners of the pooling windows only. Small networks spend
// most of their time here, and LibTorch spends most of that on passes over
// memory.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace digitorch {

/// Whether conv_pool_relu can be used: float32, a square kernel, at least one
/// window, and no tracing, which wants to see the single operations; on a CPU
/// pooling of 2 and a multiple of 8 output channels; on a GPU no autocast,
/// pooling of 1 or 2, a kernel of 3 or 5, at most 512 channels, and pictures of
/// at most 32x32 with their padding. On a CPU it computes in float32 under
/// autocast, too.
bool conv_pool_serves(
    const torch::Tensor& input,
    const torch::Tensor& weight,
    int64_t padding,
    int64_t pool = 2
);

/// What conv_pool_relu on a CPU makes of a weight, float32 [O, C, k, k], before
/// it computes; undefined where it does not serve for any input. For a few
/// images, that takes longer than the rest.
torch::Tensor conv_pool_prepared(const torch::Tensor& weight);

/// relu(max_pool2d(conv2d(input, weight, bias, padding), pool)), with autograd.
/// input: float32 [N, C, H, W], fastest in channels-last order; weight:
/// [O, C, k, k]; bias: [O]; padding: zeros on each side. Returns
/// [N, O, H', W'], on a CPU in channels-last order. Sums are ordered otherwise
/// than ATen's, so results differ in the last digits; on a CPU they depend on
/// the number of threads and nothing else. Where several places of a window are
/// equal the first takes the gradient, as in ATen. prepared: the result of
/// conv_pool_prepared(weight), or an undefined tensor; it saves time where no
/// gradient is asked for on a CPU, and changes no bit of the result.
torch::Tensor conv_pool_relu(
    const torch::Tensor& input,
    const torch::Tensor& weight,
    const torch::Tensor& bias,
    int64_t padding,
    int64_t pool = 2,
    const torch::Tensor& prepared = {}
);

/// pictures.flatten(1), with autograd. pictures: [N, C, H, W]; on a CPU fast
/// where they are in channels-last order, as conv_pool_relu returns them.
torch::Tensor flattened(const torch::Tensor& pictures);

}  // namespace digitorch
