#include "app/system/device.h"

#include <ATen/Context.h>
#include <torch/cuda.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "app/system/errors.h"

namespace digitorch {
namespace {

/// No machine has more; larger numbers do not fit a DeviceIndex.
constexpr int kMaxGpus = 64;

/// N of "cuda:N", 0 for "cuda"; nothing for other text.
std::optional<int> gpu_index(std::string_view text) {
  constexpr std::string_view kName = "cuda";
  if (text == kName) return 0;
  if (!text.starts_with("cuda:")) return std::nullopt;
  text.remove_prefix(kName.size() + 1);
  int index = -1;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), index);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && index >= 0 && index < kMaxGpus ? std::optional(index)
                                                 : std::nullopt;
}

struct Obstacle {
  std::string reason;
  std::string fix;
};

/// cuBLAS repeats its results bit for bit only with a workspace of fixed size.
/// It reads this variable when it is first used.
void fix_cublas_workspace() {
  setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
}

/// Why the GPU cannot be used, if it cannot. A driver that is there may still
/// fail, so the GPU has to compute something.
std::optional<Obstacle> obstacle_to_gpu(int index) {
  if (!libtorch_has_cuda())
    return Obstacle{
        "this LibTorch is built without CUDA",
        "use --device cpu, or build with a CUDA LibTorch (scripts/setup.sh "
        "installs one where it finds an NVIDIA GPU)"};
  const auto count = static_cast<int>(torch::cuda::device_count());
  if (count == 0)
    return Obstacle{
        "no CUDA GPU was found",
        "check nvidia-smi and CUDA_VISIBLE_DEVICES, or use --device cpu"};
  if (index >= count)
    return Obstacle{
        "cuda:" + std::to_string(index) + " is not there",
        "the last GPU of this machine is cuda:" + std::to_string(count - 1)};
  fix_cublas_workspace();
  try {
    const auto gpu = torch::Device(torch::kCUDA, static_cast<int8_t>(index));
    torch::ones(1, gpu).add_(1).cpu();
    return std::nullopt;
  } catch (const c10::Error& error) {
    const std::string what = error.what_without_backtrace();
    return Obstacle{
        "the GPU does not work (" + what.substr(0, what.find('\n')) + ")",
        "check nvidia-smi, or use --device cpu"};
  }
}

}  // namespace

bool libtorch_has_cuda() { return at::globalContext().hasCUDART(); }

torch::Device choose_device(
    const std::string& text, std::vector<std::string>& notes
) {
  if (text == "cpu") return torch::kCPU;
  const bool automatic = text == "auto";
  const std::optional<int> index = automatic ? 0 : gpu_index(text);
  if (!index)
    throw std::runtime_error(
        "--device: found '" + text +
        "'; expected auto, cpu, cuda or cuda:N with N from 0 to " +
        std::to_string(kMaxGpus - 1)
    );
  const std::optional<Obstacle> obstacle = obstacle_to_gpu(*index);
  if (!obstacle)
    return torch::Device(torch::kCUDA, static_cast<int8_t>(*index));
  if (!automatic)
    throw EnvironmentError(
        "--device " + text + ": " + obstacle->reason + "; " + obstacle->fix
    );
  notes.push_back(obstacle->reason);
  return torch::kCPU;
}

}  // namespace digitorch
