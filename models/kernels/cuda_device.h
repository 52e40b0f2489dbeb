// What calling the kernels of models/kernels/cuda with tensors takes. Included
// only where LibTorch has CUDA.
#pragma once

#include <ATen/autocast_mode.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/types.h>

#include <initializer_list>
#include <limits>

#include "models/kernels/cuda/kernels.h"

namespace digitorch {

/// Whether the kernels compute with these tensors: float32 on one GPU, few
/// enough numbers, and neither tracing nor autocast, which want to see the
/// single operations.
inline bool cuda_serves(std::initializer_list<torch::Tensor> tensors) {
  if (torch::jit::tracer::isTracing() ||
      at::autocast::is_autocast_enabled(at::kCUDA))
    return false;
  const torch::Device device = tensors.begin()->device();
  for (const torch::Tensor& each : tensors)
    if (!each.is_cuda() || each.device() != device ||
        each.scalar_type() != torch::kFloat32 || each.numel() == 0 ||
        each.numel() > std::numeric_limits<int32_t>::max())
      return false;
  return true;
}

/// While it lives, kernels are started on a tensor's device.
class OnDevice {
 public:
  explicit OnDevice(const torch::Tensor& tensor) : guard_(tensor.device()) {}

  cuda::Stream stream() const {
    return {c10::cuda::getCurrentCUDAStream().stream()};
  }

  /// Throws what starting a kernel ran into.
  static void check() { C10_CUDA_KERNEL_LAUNCH_CHECK(); }

 private:
  c10::cuda::CUDAGuard guard_;
};

}  // namespace digitorch
