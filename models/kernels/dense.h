// A fully connected layer in one kernel on a GPU.
#pragma once

#include <torch/types.h>

namespace digitorch {

/// linear(x, weight, bias), or relu() of that, with autograd. x: [N, I];
/// weight: [O, I]; bias: [O]. Returns [N, O]. On a GPU, in float32, the layer
/// and its gradients are kernels of our own, which add up in another order
/// than cuBLAS and, unlike it, in the same for all GPUs; elsewhere and for all
/// else it is product(), or ATen where that does not serve.
torch::Tensor dense(
    const torch::Tensor& x,
    const torch::Tensor& weight,
    const torch::Tensor& bias,
    bool relu
);

}  // namespace digitorch
