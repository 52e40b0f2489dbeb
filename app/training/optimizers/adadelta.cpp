#include "app/training/optimizers/adadelta.h"

#include <utility>
#include <variant>

#include "app/training/optimizers/one_kernel.h"
#include "app/training/optimizers/slices.h"

namespace digitorch {
namespace {

// All tensors of an update of so many numbers fit into a core's own cache, so
// that an update of many passes reads memory once.
constexpr int64_t kNumbersInCache = 1 << 14;

// PyTorch's default.
constexpr double kAdadeltaEpsilon = 1e-6;

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
        slices_(parameters(), kNumbersInCache),
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
    slices_.each(
        {parameters(), gradients, squared_changes_, squared_gradients_},
        [&](const std::vector<Slices::Tensors>& slice) {
          for (size_t i = 0; i < slice[0].size(); ++i)
            move(slice[0][i], slice[1][i], slice[2][i], slice[3][i], lr);
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

  Slices slices_;
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
