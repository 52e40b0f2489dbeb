// How many bits the layers compute with.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

namespace digitorch {

/// "fp32"; "bf16": matrix products and convolutions in bfloat16, weights and
/// sums in float32 (autocast); "auto": bf16 where the device computes with it
/// itself, fp32 elsewhere.
const std::vector<std::string>& precision_names();

/// Whether `precision`, one of precision_names(), means bf16 on this device.
bool is_bf16(const std::string& precision, torch::Device);

/// While it lives, this thread computes with bfloat16, where asked to. One a
/// training step: it ends with LibTorch's copies of the weights, which the step
/// makes stale.
class Autocast {
 public:
  Autocast(bool bf16, torch::Device);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  const bool active_;
  const torch::DeviceType device_;
};

}  // namespace digitorch
