#include "app/training/precision.h"

#include <ATen/autocast_mode.h>

namespace digitorch {
namespace {

bool cpu_has_bf16() {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

}  // namespace

const std::vector<std::string>& precision_names() {
  static const std::vector<std::string> names = {"fp32", "bf16", "auto"};
  return names;
}

bool is_bf16(const std::string& precision, torch::Device device) {
  if (precision != "auto") return precision == "bf16";
  // Of GPUs, all that current releases of LibTorch serve well have it.
  return device.is_cuda() || cpu_has_bf16();
}

Autocast::Autocast(bool bf16, torch::Device device)
    : active_(bf16), device_(device.type()) {
  if (!active_) return;
  at::autocast::set_autocast_dtype(device_, torch::kBFloat16);
  at::autocast::set_autocast_enabled(device_, true);
}

Autocast::~Autocast() {
  if (!active_) return;
  at::autocast::set_autocast_enabled(device_, false);
  at::autocast::clear_cache();
}

}  // namespace digitorch
