#include "models/kernels/product.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "models/kernels/share_work.h"

namespace digitorch {
namespace {

/// Multiplications from which oneDNN is faster. On one core of an EPYC with
/// AVX-512, a call takes 11 us and MKL multiplies 50,000 times in 1 us.
constexpr int64_t kFewestMultiplications = 2'000'000;

// What is worth a piece of its own, and how the pieces of a result divide it.
constexpr int64_t kMultiplicationsOfPiece = 4'000'000;
constexpr int64_t kPiecesOfThread = 2;
constexpr int64_t kColumns = 16;  // of a register of AVX-512

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
  // oneDNN is a thousand times slower for columns of a larger matrix.
  const bool dense = b.is_contiguous() || b.t().is_contiguous();
  return onednn()->call(
      a,
      dense ? b.t() : b.contiguous().t(),
      optional_bias,
      "none",  // its ReLU would hide what is not a number
      c10::List<std::optional<at::Scalar>>(),
      ""
  );
}

int64_t multiplications(const torch::Tensor& a, const torch::Tensor& b) {
  return a.size(0) * a.size(1) * b.size(1);
}

torch::Tensor computed(
    const torch::Tensor& a,
    const torch::Tensor& b,
    const torch::Tensor& bias,
    bool relu
) {
  torch::Tensor result = onednn_multiplies(a, b) ? by_onednn(a, b, bias)
                         : bias.defined()        ? at::addmm(bias, a, b)
                                                 : at::mm(a, b);
  return relu ? at::relu_(result) : result;
}

/// Parts of the result's columns. Each but the last is of whole vectors.
int64_t column_parts(const torch::Tensor& a, const torch::Tensor& b) {
  const int64_t most = std::min(
      multiplications(a, b) / kMultiplicationsOfPiece, b.size(1) / kColumns
  );
  return std::clamp<int64_t>(most, 1, kPiecesOfThread * at::get_num_threads());
}

torch::Tensor computed_in_parts(
    const torch::Tensor& given,
    const torch::Tensor& b,
    const torch::Tensor& bias,
    bool relu,
    int64_t parts
) {
  const torch::Tensor a = given.contiguous();
  const int64_t columns = b.size(1);
  const torch::Tensor result = torch::empty({a.size(0), columns}, a.options());
  const auto begin = [&](int64_t part) {
    return part == parts ? columns
                         : part * (columns / kColumns) / parts * kColumns;
  };
  share_work(parts, [&](int64_t part) {
    // A thread that helps has modes of autograd of its own.
    const at::AutoDispatchBelowADInplaceOrView without_autograd;
    const int64_t first = begin(part);
    const int64_t count = begin(part + 1) - first;
    result.narrow(1, first, count)
        .copy_(computed(
            a,
            b.narrow(1, first, count),
            bias.defined() ? bias.narrow(0, first, count) : bias,
            relu
        ));
  });
  return result;
}

}  // namespace

bool product_serves(const torch::Tensor& a, const torch::Tensor& b) {
  const auto plain = [](const torch::Tensor& operand) {
    return operand.dim() == 2 && operand.is_cpu() &&
           operand.scalar_type() == torch::kFloat32;
  };
  return plain(a) && plain(b) && !torch::jit::tracer::isTracing() &&
         !at::autocast::is_autocast_enabled(at::kCPU);
}

bool onednn_multiplies(const torch::Tensor& a, const torch::Tensor& b) {
  return onednn() && product_serves(a, b) &&
         multiplications(a, b) >= kFewestMultiplications;
}

torch::Tensor product(
    const torch::Tensor& a,
    const torch::Tensor& b,
    const torch::Tensor& bias,
    bool relu
) {
  if (!product_serves(a, b) || needs_gradients(a, b)) {
    const torch::Tensor y =
        bias.defined() ? at::addmm(bias, a, b) : at::mm(a, b);
    return relu ? at::relu(y) : y;
  }
  if (const int64_t parts = column_parts(a, b); parts > 1)
    return computed_in_parts(a, b, bias, relu, parts);
  const OnThisThread alone;
  return computed(a, b, bias, relu);
}

std::string product_library() { return onednn() ? "oneDNN" : "ATen"; }

}  // namespace digitorch
