#include "app/training/optimizers/adam.h"

#include <utility>
#include <variant>

#include "app/training/optimizers/one_kernel.h"
#include "app/training/optimizers/slices.h"

namespace digitorch {
namespace {

// PyTorch's default.
constexpr double kAdamEpsilon = 1e-8;

/// ATen's fused kernels move all tensors in one call, which torch::optim does
/// not offer.
class Adam : public Optimizer {
 public:
  Adam(const OptimizerOptions& given, NamedTensors tensors, bool decoupled)
      : Optimizer(given, std::move(tensors)),
        decoupled_(decoupled),
        slices_(parameters()),
        means_(add_state("exp_avg")),
        squares_(add_state("exp_avg_sq")),
        steps_(add_scalar_state("step")) {}

  void step(const std::vector<torch::Tensor>& gradients, const StepNumber& lr)
      override {
    const torch::NoGradGuard no_grad;
    if (step_in_one_kernel(
            {.kind = decoupled_ ? "adamw" : "adam",
             .beta1 = options().momentum,
             .beta2 = options().beta2,
             .weight_decay = options().weight_decay,
             .epsilon = kAdamEpsilon},
            {.parameters = parameters(),
             .gradients = gradients,
             .first = means_,
             .second = squares_,
             .steps = steps_},
            lr
        ))
      return;
    at::_foreach_add_(steps_, 1);
    const auto move = [&](auto kernel, const auto& rate, const auto& slice) {
      kernel(
          slice[0],
          slice[1],
          slice[2],
          slice[3],
          /*max_exp_avg_sqs=*/at::TensorList(),
          slice[4],
          rate,
          options().momentum,
          options().beta2,
          options().weight_decay,
          kAdamEpsilon,
          /*amsgrad=*/false,
          /*maximize=*/false
      );
    };
    const auto adam = [](auto&&... given) { at::_fused_adam_(given...); };
    const auto adamw = [](auto&&... given) { at::_fused_adamw_(given...); };
    slices_.each(
        {parameters(), gradients, means_, squares_, steps_},
        [&](const std::vector<Slices::Tensors>& slice) {
          const auto at_rate = [&](const auto& rate) {
            if (decoupled_)
              move(adamw, rate, slice);
            else
              move(adam, rate, slice);
          };
          std::visit(at_rate, lr);
        }
    );
  }

 private:
  bool decoupled_;
  Slices slices_;
  std::vector<torch::Tensor> means_;
  std::vector<torch::Tensor> squares_;
  std::vector<torch::Tensor> steps_;
};

}  // namespace

std::unique_ptr<Optimizer> make_adam(
    const OptimizerOptions& options, NamedTensors parameters
) {
  return std::make_unique<Adam>(options, std::move(parameters), false);
}

std::unique_ptr<Optimizer> make_adamw(
    const OptimizerOptions& options, NamedTensors parameters
) {
  return std::make_unique<Adam>(options, std::move(parameters), true);
}

}  // namespace digitorch
