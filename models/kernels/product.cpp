#include "models/kernels/product.h"

#include <ATen/Context.h>
#include <ATen/Version.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <optional>
#include <string_view>

namespace digitorch {
namespace {

/// Multiplications from which oneDNN is faster. On one core of an EPYC with
/// AVX-512, a call takes 11 us and MKL multiplies 50,000 times in 1 us.
constexpr int64_t kFewestMultiplications = 2'000'000;

/// The operation that torch.compile gives linear layers to. LibTorch offers no
/// other way to oneDNN's products in full float32.
using Signature = torch::Tensor(
    const torch::Tensor& x,
    const torch::Tensor& weight,
    const std::optional<torch::Tensor>& bias,
    std::string_view activation,
    c10::List<std::optional<at::Scalar>> scalars,
    std::optional<std::string_view> algorithm
);
using LinearPointwise = c10::TypedOperatorHandle<Signature>;

bool faster_by_onednn() {
#ifdef __x86_64__
  // ATEN_CPU_CAPABILITY in the environment is heeded, as by the loops of
  // conv_pool.
  return at::hasMKL() && at::hasMKLDNN() &&
         at::get_cpu_capability() == "AVX512" && !__builtin_cpu_is("intel");
#else
  return false;
#endif
}

/// Nothing where oneDNN is slower or absent, or where this LibTorch has another
/// form of the operation.
std::optional<LinearPointwise> find_onednn() {
  if (!faster_by_onednn()) return std::nullopt;
  const auto operation =
      c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""}
      );
  if (!operation) return std::nullopt;
  try {
    return operation->typed<Signature>();
  } catch (const c10::Error&) {
    return std::nullopt;
  }
}

const std::optional<LinearPointwise>& onednn() {
  static const std::optional<LinearPointwise> found = find_onednn();
  return found;
}

/// Whether autograd has to see what is computed of them.
bool needs_gradients(const torch::Tensor& a, const torch::Tensor& b) {
  return torch::GradMode::is_enabled() &&
         (a.requires_grad() || b.requires_grad());
}

torch::Tensor by_onednn(
    const torch::Tensor& a, const torch::Tensor& b, const torch::Tensor& bias
) {
  const auto optional_bias =
      bias.defined() ? std::optional(bias) : std::nullopt;
  return onednn()->call(
      a,
      b.t(),
      optional_bias,
      "none",  // its ReLU would hide what is not a number
      c10::List<std::optional<at::Scalar>>(),
      ""
  );
}

}  // namespace

bool onednn_multiplies(const torch::Tensor& a, const torch::Tensor& b) {
  if (!onednn() || a.dim() != 2 || b.dim() != 2) return false;
  const auto plain = [](const torch::Tensor& operand) {
    return operand.is_cpu() && operand.scalar_type() == torch::kFloat32;
  };
  return a.size(0) * a.size(1) * b.size(1) >= kFewestMultiplications &&
         plain(a) && plain(b) && !torch::jit::tracer::isTracing() &&
         !at::autocast::is_autocast_enabled(at::kCPU);
}

torch::Tensor product(
    const torch::Tensor& a, const torch::Tensor& b, const torch::Tensor& bias
) {
  if (onednn_multiplies(a, b) && !needs_gradients(a, b))
    return by_onednn(a, b, bias);
  return bias.defined() ? at::addmm(bias, a, b) : at::mm(a, b);
}

std::string product_library() { return onednn() ? "oneDNN" : "ATen"; }

}  // namespace digitorch
