#include "app/training/optimizer.h"

#include <stdexcept>
#include <utility>

namespace digitorch {
namespace {

// PyTorch's defaults.
constexpr double kAdamEpsilon = 1e-8;
constexpr double kAdadeltaEpsilon = 1e-6;

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
  } else if (options.kind == "adadelta") {
    first_ = add_state("acc_delta");
    second_ = add_state("square_avg");
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
  if (options_.kind == "sgd")
    step_sgd(gradients, lr);
  else if (options_.kind == "adadelta")
    step_adadelta(gradients, lr);
  else
    step_adam(gradients, lr);
}

void Optimizer::step_sgd(
    const std::vector<torch::Tensor>& gradients, double lr
) {
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
}

void Optimizer::step_adam(
    const std::vector<torch::Tensor>& gradients, double lr
) {
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
        kAdamEpsilon,
        /*amsgrad=*/false,
        /*maximize=*/false
    );
  };
  if (options_.kind == "adam")
    fused([](auto&&... given) { at::_fused_adam_(given...); });
  else
    fused([](auto&&... given) { at::_fused_adamw_(given...); });
}

/// Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012.
void Optimizer::step_adadelta(std::vector<torch::Tensor> gradients, double lr) {
  const double rho = options_.beta2;
  if (options_.weight_decay > 0)
    gradients = at::_foreach_add(gradients, parameters_, options_.weight_decay);
  at::_foreach_mul_(second_, rho);
  at::_foreach_addcmul_(second_, gradients, gradients, 1 - rho);
  // The change: the gradient times the ratio of both root mean squares.
  std::vector<torch::Tensor> change =
      at::_foreach_add(first_, kAdadeltaEpsilon);
  at::_foreach_div_(change, at::_foreach_add(second_, kAdadeltaEpsilon));
  at::_foreach_sqrt_(change);
  at::_foreach_mul_(change, gradients);
  at::_foreach_mul_(first_, rho);
  at::_foreach_addcmul_(first_, change, change, 1 - rho);
  at::_foreach_add_(parameters_, change, -lr);
}

NamedTensors Optimizer::state() const { return state_; }

}  // namespace digitorch
