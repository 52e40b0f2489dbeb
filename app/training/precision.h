// How many bits the layers compute with.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "models/networks/classifier.h"

namespace digitorch {

enum class Precision {
  fp32,
  tf32,  ///< On a GPU, factors of float32 products rounded to 10 bits.
  bf16  ///< Products and convolutions in bfloat16, weights and sums in float32.
};

/// "fp32", "tf32", "bf16", and "auto": bf16 where the device computes with it
/// itself, fp32 elsewhere.
const std::vector<std::string>& precision_names();

/// What `name`, one of precision_names(), means on this device. Throws
/// std::runtime_error for tf32 where there is none.
Precision precision_on(torch::Device, const std::string& name);

/// How GPUs compute.
struct GpuMode {
  Precision precision = Precision::fp32;
  /// Only what gives the same result every time, bit for bit.
  bool deterministic = true;
};
/// For the whole process, from now on.
void set_gpu_mode(const GpuMode&);

/// While it lives, this thread computes with bfloat16, where asked to. One a
/// training step: it ends with LibTorch's copies of the weights, which the step
/// makes stale.
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

/// model.backward() in that precision.
BatchResult backward_in(
    Precision precision,
    Classifier& model,
    const torch::Tensor& images,
    const torch::Tensor& labels,
    const LossOptions& options
);

}  // namespace digitorch
