// Sums over the GPUs of all ranks, as a part of a captured training step.
#pragma once

#include <torch/types.h>

#include <memory>
#include <vector>

#include "app/training/distributed/world.h"

namespace digitorch {

class DeviceSum {
 public:
  virtual ~DeviceSum() = default;
  /// Replaces the values of each tensor, float32 on the device, by their sums
  /// over all ranks, on the device's current stream and without a host
  /// synchronisation. All ranks give tensors of the same sizes every time.
  virtual void sum(const std::vector<torch::Tensor>&) = 0;
};

/// By NCCL; nothing where the device is no GPU. The ranks of `world` call it
/// together, each with a GPU of its own; `world` has to carry bytes between
/// hosts already. Throws EnvironmentError where NCCL cannot connect the GPUs.
std::unique_ptr<DeviceSum> make_device_sum(World& world, torch::Device device);

}  // namespace digitorch
