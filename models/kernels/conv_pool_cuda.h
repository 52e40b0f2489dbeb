// conv_pool.h on GPUs by CUDA.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace digitorch {

/// As conv_pool_serves, of a layer on a GPU.
bool conv_pool_serves_cuda(
    const torch::Tensor& input,
    const torch::Tensor& weight,
    int64_t padding,
    int64_t pool
);

/// As conv_pool_relu; contiguous in the usual order.
torch::Tensor conv_pool_relu_cuda(
    const torch::Tensor& input,
    const torch::Tensor& weight,
    const torch::Tensor& bias,
    int64_t padding,
    int64_t pool
);

}  // namespace digitorch
