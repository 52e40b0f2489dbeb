#include "app/training/optimizer.h"

#include <stdexcept>
#include <utility>

namespace digitorch {
namespace {

constexpr double kEpsilon = 1e-8;  // PyTorch's default for Adam and AdamW

}  // namespace

Optimizer::Optimizer(const OptimizerOptions& options, NamedTensors parameters)
    : options_(options), named_(std::move(parameters)) {
  for (const auto& [name, tensor] : named_)
    parameters_.push_back(tensor.detach());
  if (options.kind == "sgd") {
    if (options.momentum > 0) first_ = add_state("momentum");
  } else if (options.kind == "adam" || options.kind == "adamw") {
    first_ = add_state("exp_avg");
    second_ = add_state("exp_avg_sq");
    for (const auto& [name, tensor] : named_) {
      steps_.push_back(torch::zeros({}, tensor.options().dtype(torch::kFloat32))
      );
      state_.emplace_back("step." + name, steps_.back());
    }
  } else {
    throw std::logic_error("unknown optimiser " + options.kind);
  }
}

std::vector<torch::Tensor> Optimizer::add_state(const std::string& name) {
  std::vector<torch::Tensor> tensors;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    tensors.push_back(torch::zeros_like(parameters_[i]));
    state_.emplace_back(name + "." + named_[i].first, tensors.back());
  }
  return tensors;
}

void Optimizer::step(const std::vector<torch::Tensor>& gradients, double lr) {
  const torch::NoGradGuard no_grad;
  if (options_.kind == "sgd") {
    // With dampening 0, a zero buffer gives what the "first step" would.
    at::_fused_sgd_(
        parameters_,
        gradients,
        first_,
        options_.weight_decay,
        options_.momentum,
        lr,
        /*dampening=*/0,
        /*nesterov=*/false,
        /*maximize=*/false,
        /*is_first_step=*/false
    );
    return;
  }
  at::_foreach_add_(steps_, 1);
  const auto fused = [&](auto kernel) {
    kernel(
        parameters_,
        gradients,
        first_,
        second_,
        /*max_exp_avg_sqs=*/at::TensorList(),
        steps_,
        lr,
        options_.momentum,
        options_.beta2,
        options_.weight_decay,
        kEpsilon,
        /*amsgrad=*/false,
        /*maximize=*/false
    );
  };
  if (options_.kind == "adam")
    fused([](auto&&... given) { at::_fused_adam_(given...); });
  else
    fused([](auto&&... given) { at::_fused_adamw_(given...); });
}

NamedTensors Optimizer::state() const { return state_; }

}  // namespace digitorch
