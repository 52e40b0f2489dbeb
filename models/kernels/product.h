// Matrix products of the fully connected layers on a CPU, in float32, by the
// library that is faster there.
#pragma once

#include <torch/types.h>

#include <string>

namespace digitorch {

/// a b, or a b + bias, or relu() of that. a: [N, K]; b: [K, M]; bias: [M], or
/// undefined for none; each in any order of memory. Returns [N, M].
///
/// Where product_serves() it, columns of the result are pieces of shared work
/// (share_work.h); a small product is computed by the thread that asks for it.
/// A large one is oneDNN's where the processor has AVX-512 and is not Intel's,
/// since on such a one MKL, which ATen asks, uses AVX2. oneDNN then takes half
/// the time, and computes in float32, too: this does not follow
/// torch.backends.mkldnn's precision. All else is ATen's. The processor, the
/// sizes and the number of threads alone decide, so a run repeats bit for bit.
torch::Tensor product(
    const torch::Tensor& a,
    const torch::Tensor& b,
    const torch::Tensor& bias = {},
    bool relu = false
);

/// Whether product(a, b) is not left to ATen where nothing needs gradients:
/// float32 on a CPU, without autocast or tracing.
bool product_serves(const torch::Tensor& a, const torch::Tensor& b);

/// Whether product(a, b) is oneDNN's where nothing needs gradients.
bool onednn_multiplies(const torch::Tensor& a, const torch::Tensor& b);

/// What computes large products on this CPU: "oneDNN" or "ATen".
std::string product_library();

}  // namespace digitorch
