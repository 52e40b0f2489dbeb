#include "app/training/precision.h"

#include <ATen/autocast_mode.h>
#include <ATen/cpu/Utils.h>

#include <stdexcept>

namespace digitorch {
namespace {

/// Whether training in bfloat16 was found to be faster and as accurate on such
/// a CPU: one with AVX512-BF16. With AMX, nobody has measured it.
bool cpu_gains_by_bf16() {
  auto capabilities = at::cpu::get_cpu_capabilities();
  const auto has = [&](const char* name) {
    const auto found = capabilities.find(name);
    return found != capabilities.end() && found->second.toBool();
  };
  return has("avx512_bf16") && !has("amx_bf16");
}

}  // namespace

const std::vector<std::string>& precision_names() {
  static const std::vector<std::string> names = {
      "fp32", "tf32", "bf16", "auto"};
  return names;
}

Precision precision_on(torch::Device device, const std::string& name) {
  if (name == "tf32" && !device.is_cuda())
    throw std::runtime_error(
        "--precision: found tf32 on " + device.str() +
        "; expected fp32, bf16 or auto where there is no GPU"
    );
  if (name == "tf32") return Precision::tf32;
  // All GPUs that current releases of LibTorch serve well compute in bfloat16.
  const bool bf16 =
      name == "bf16" ||
      (name == "auto" && (device.is_cuda() || cpu_gains_by_bf16()));
  return bf16 ? Precision::bf16 : Precision::fp32;
}

void set_gpu_mode(const GpuMode& mode) {
  at::Context& context = at::globalContext();
  const bool tf32 = mode.precision == Precision::tf32;
  context.setAllowTF32CuBLAS(tf32);
  context.setAllowTF32CuDNN(tf32);
  // To try algorithms out takes seconds, and may choose another one each time.
  context.setBenchmarkCuDNN(false);
  context.setDeterministicCuDNN(mode.deterministic);
  // An operation without a deterministic form warns instead of ending the run.
  context.setDeterministicAlgorithms(mode.deterministic, /*warn_only=*/true);
  // This is for finding bugs, and writes every tensor once more.
  context.setDeterministicFillUninitializedMemory(false);
}

Autocast::Autocast(Precision precision, torch::Device device)
    : active_(precision == Precision::bf16), device_(device.type()) {
  if (!active_) return;
  at::autocast::set_autocast_dtype(device_, torch::kBFloat16);
  at::autocast::set_autocast_enabled(device_, true);
}

Autocast::~Autocast() {
  if (!active_) return;
  at::autocast::set_autocast_enabled(device_, false);
  at::autocast::clear_cache();
}

BatchResult forward_backward_in(
    Precision precision,
    Classifier& model,
    const torch::Tensor& images,
    const torch::Tensor& labels,
    const LossOptions& options
) {
  const Autocast autocast(precision, model.device());
  return model.forward_backward(images, labels, options);
}

}  // namespace digitorch
