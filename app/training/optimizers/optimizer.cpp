#include "app/training/optimizers/optimizer.h"

#include <algorithm>
#include <utility>

#include "app/training/optimizers/adadelta.h"
#include "app/training/optimizers/adam.h"
#include "app/training/optimizers/sgd.h"
#include "models/options/choices.h"

namespace digitorch {

const std::vector<OptimizerKind>& optimizers() {
  static const std::vector<OptimizerKind> table = {
      {.name = "sgd",
       .help = "stochastic gradient descent",
       .momentum = "momentum",
       .make = make_sgd},
      {.name = "adam",
       .help = "adaptive moments",
       .momentum = "beta1",
       .beta2 = "beta2",
       .make = make_adam},
      // As an L2 term this default would be far too strong, so that the other
      // optimisers have none.
      {.name = "adamw",
       .help = "Adam with decoupled weight decay",
       .momentum = "beta1",
       .beta2 = "beta2",
       .decouples_weight_decay = true,
       .default_weight_decay = OptimizerOptions().weight_decay,
       .make = make_adamw},
      {.name = "adadelta",
       .help = "adapts its own step size",
       .beta2 = "rho",
       .make = make_adadelta}};
  return table;
}

bool is_optimizer(const std::string& name) {
  const std::vector<OptimizerKind>& table = optimizers();
  return std::any_of(table.begin(), table.end(), [&](const auto& row) {
    return row.name == name;
  });
}

const OptimizerKind& optimizer_named(const std::string& name) {
  return row_named(optimizers(), name, "optimizer");
}

std::unique_ptr<Optimizer> make_optimizer(
    const OptimizerOptions& options, NamedTensors parameters
) {
  return optimizer_named(options.kind).make(options, std::move(parameters));
}

Optimizer::Optimizer(const OptimizerOptions& options, NamedTensors parameters)
    : options_(options), named_(std::move(parameters)) {
  for (const auto& [name, tensor] : named_)
    parameters_.push_back(tensor.detach());
}

std::vector<torch::Tensor> Optimizer::add_state(const std::string& name) {
  std::vector<torch::Tensor> tensors;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    tensors.push_back(torch::zeros_like(parameters_[i]));
    state_.emplace_back(name + "." + named_[i].first, tensors.back());
  }
  return tensors;
}

std::vector<torch::Tensor> Optimizer::add_scalar_state(const std::string& name
) {
  std::vector<torch::Tensor> tensors;
  for (const auto& [parameter, tensor] : named_) {
    tensors.push_back(torch::zeros({}, tensor.options().dtype(torch::kFloat32))
    );
    state_.emplace_back(name + "." + parameter, tensors.back());
  }
  return tensors;
}

}  // namespace digitorch
