#include "app/training/optimizers/sgd.h"

#include <utility>
#include <variant>

#include "app/training/optimizers/one_kernel.h"
#include "app/training/optimizers/slices.h"

namespace digitorch {
namespace {

/// ATen's fused kernel moves all tensors in one call, which torch::optim does
/// not offer.
class Sgd : public Optimizer {
 public:
  Sgd(const OptimizerOptions& given, NamedTensors tensors)
      : Optimizer(given, std::move(tensors)), slices_(parameters()) {
    if (options().momentum > 0) momentum_ = add_state("momentum");
  }

  void step(const std::vector<torch::Tensor>& gradients, const StepNumber& lr)
      override {
    const torch::NoGradGuard no_grad;
    if (step_in_one_kernel(
            {.kind = "sgd",
             .beta1 = options().momentum,
             .beta2 = options().beta2,
             .weight_decay = options().weight_decay,
             .epsilon = 0},
            {.parameters = parameters(),
             .gradients = gradients,
             .first = momentum_},
            lr
        ))
      return;
    // With dampening 0, a momentum of zero gives what "is_first_step" would.
    const auto move = [&](const auto& rate, const auto& slice) {
      at::_fused_sgd_(
          slice[0],
          slice[1],
          slice[2],
          options().weight_decay,
          options().momentum,
          rate,
          /*dampening=*/0,
          /*nesterov=*/false,
          /*maximize=*/false,
          /*is_first_step=*/false
      );
    };
    slices_.each(
        {parameters(), gradients, momentum_},
        [&](const std::vector<Slices::Tensors>& slice) {
          std::visit([&](const auto& rate) { move(rate, slice); }, lr);
        }
    );
  }

 private:
  Slices slices_;
  std::vector<torch::Tensor> momentum_;
};

}  // namespace

std::unique_ptr<Optimizer> make_sgd(
    const OptimizerOptions& options, NamedTensors parameters
) {
  return std::make_unique<Sgd>(options, std::move(parameters));
}

}  // namespace digitorch
