// What calling the kernels of models/kernels/cuda with tensors takes. Included
// only where LibTorch has CUDA.
#pragma once

#include <ATen/autocast_mode.h>
#include <ATen/cuda/CUDAEvent.h>
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

/// A stream beside the current one, for kernels that need not wait for each
/// other: it goes on from where the current stream is, which join() makes
/// wait for it. Both work in a captured graph, too.
class BesideCurrent {
 public:
  BesideCurrent()
      : current_(c10::cuda::getCurrentCUDAStream()),
        beside_(c10::cuda::getStreamFromPool(
            /*isHighPriority=*/false, current_.device_index()
        )) {
    wait(beside_, current_);
  }
  BesideCurrent(const BesideCurrent&) = delete;
  BesideCurrent& operator=(const BesideCurrent&) = delete;

  cuda::Stream stream() const { return {beside_.stream()}; }

  /// To be called once, when all kernels are started.
  void join() { wait(current_, beside_); }

 private:
  static void wait(
      const c10::cuda::CUDAStream& later, const c10::cuda::CUDAStream& earlier
  ) {
    at::cuda::CUDAEvent event;
    event.record(earlier);
    event.block(later);
  }

  c10::cuda::CUDAStream current_;
  c10::cuda::CUDAStream beside_;
};

}  // namespace digitorch
