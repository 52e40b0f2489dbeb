#include "app/training/optimizers/adadelta.h"

#include <ATen/Parallel.h>

#include <utility>
#include <variant>

#include "app/training/optimizers/one_kernel.h"

namespace digitorch {
namespace {

// PyTorch's default.
constexpr double kAdadeltaEpsilon = 1e-6;

// All tensors of an update of so many numbers fit into a core's own cache.
constexpr int64_t kNumbersInCache = 1 << 14;

/// Calls `work` for slices of `tensors`, which have one size: each call gets
/// the same slice of all of them. An update that takes many passes then reads
/// memory once. A GPU is better at whole tensors, and gets these.
template <class Work>
void for_slices(const std::vector<torch::Tensor>& tensors, const Work& work) {
  const int64_t size = tensors.front().numel();
  const int64_t length = tensors.front().is_cpu() ? kNumbersInCache : size;
  const int64_t slices = (size + length - 1) / length;
  std::vector<torch::Tensor> flat;
  for (const torch::Tensor& each : tensors) flat.push_back(each.reshape(-1));
  at::parallel_for(0, slices, 1, [&](int64_t first, int64_t last) {
    const torch::NoGradGuard no_grad;  // each thread has a mode of its own
    for (int64_t i = first; i < last; ++i) {
      std::vector<torch::Tensor> slice;
      for (const torch::Tensor& each : flat)
        slice.push_back(each.slice(0, i * length, (i + 1) * length));
      work(slice);
    }
  });
}

void move_back(torch::Tensor x, const torch::Tensor& by, double lr) {
  x.add_(by, -lr);
}

void move_back(
    torch::Tensor x, const torch::Tensor& by, const torch::Tensor& lr
) {
  x.addcmul_(by, lr, -1);
}

/// ATen has no fused kernel for this one.
class Adadelta : public Optimizer {
 public:
  Adadelta(const OptimizerOptions& given, NamedTensors tensors)
      : Optimizer(given, std::move(tensors)),
        squared_changes_(add_state("acc_delta")),
        squared_gradients_(add_state("square_avg")) {}

  void step(const std::vector<torch::Tensor>& gradients, const StepNumber& lr)
      override {
    const torch::NoGradGuard no_grad;
    if (step_in_one_kernel(
            {.kind = "adadelta",
             .beta1 = options().momentum,
             .beta2 = options().beta2,
             .weight_decay = options().weight_decay,
             .epsilon = kAdadeltaEpsilon},
            {.parameters = parameters(),
             .gradients = gradients,
             .first = squared_changes_,
             .second = squared_gradients_},
            lr
        ))
      return;
    for (size_t i = 0; i < parameters().size(); ++i)
      for_slices(
          {parameters()[i],
           gradients[i],
           squared_changes_[i],
           squared_gradients_[i]},
          [&](const std::vector<torch::Tensor>& slice) {
            move(slice[0], slice[1], slice[2], slice[3], lr);
          }
      );
  }

 private:
  void move(
      torch::Tensor parameter,
      torch::Tensor gradient,
      torch::Tensor squared_change,
      torch::Tensor squared_gradient,
      const StepNumber& lr
  ) const {
    const double rho = options().beta2;
    if (options().weight_decay > 0)
      gradient = gradient + parameter * options().weight_decay;
    squared_gradient.mul_(rho).addcmul_(gradient, gradient, 1 - rho);
    // The change is the gradient times the ratio of both root mean squares.
    torch::Tensor change = squared_change + kAdadeltaEpsilon;
    change.div_(squared_gradient + kAdadeltaEpsilon).sqrt_().mul_(gradient);
    squared_change.mul_(rho).addcmul_(change, change, 1 - rho);
    std::visit(
        [&](const auto& rate) { move_back(parameter, change, rate); }, lr
    );
  }

  std::vector<torch::Tensor> squared_changes_;
  std::vector<torch::Tensor> squared_gradients_;
};

}  // namespace

std::unique_ptr<Optimizer> make_adadelta(
    const OptimizerOptions& options, NamedTensors parameters
) {
  return std::make_unique<Adadelta>(options, std::move(parameters));
}

}  // namespace digitorch
