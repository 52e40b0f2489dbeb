// How many bits the layers compute with.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "models/networks/classifier.h"

namespace digitorch {

enum class Precision {
  fp32,  ///< Everything in float32.
  tf32,  ///< On a GPU, the factors of float32 products rounded to 10 bits.
  bf16  ///< Products and convolutions in bfloat16; weights and sums in float32,
        ///< and so is what models/kernels computes on a CPU.
};

/// "fp32", "tf32", "bf16", and "auto", which is bf16 where that was found to be
/// faster and as accurate (GPUs, CPUs with AVX512-BF16), and fp32 elsewhere.
const std::vector<std::string>& precision_names();

/// What `name`, one of precision_names(), means on this device. Throws
/// std::runtime_error for tf32 on a device that is no GPU.
Precision precision_on(torch::Device, const std::string& name);

/// How GPUs compute.
struct GpuMode {
  Precision precision = Precision::fp32;
  /// Use only algorithms that give the same result every time, bit for bit.
  bool deterministic = true;
};
/// Sets the mode of the whole process from now on.
void set_gpu_mode(const GpuMode&);

/// While it lives, this thread computes in bfloat16, where the precision asks
/// for it. Each training step needs one of its own: LibTorch keeps bfloat16
/// copies of the weights until it ends, and a step makes these stale.
class Autocast {
 public:
  Autocast(Precision, torch::Device);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  const bool active_;
  const torch::DeviceType device_;
};

/// The forward and the backward pass of `model` in that precision: see
/// Classifier.
BatchResult forward_backward_in(
    Precision precision,
    Classifier& model,
    const torch::Tensor& images,
    const torch::Tensor& labels,
    const LossOptions& options
);

}  // namespace digitorch
