#include "app/training/distributed/device_sum.h"

namespace digitorch {

#ifndef DIGITORCH_HAS_CUDA
std::unique_ptr<DeviceSum> make_device_sum(World&, torch::Device) {
  return nullptr;
}
#endif

}  // namespace digitorch
