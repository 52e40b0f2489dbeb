#include "app/training/optimizer.h"

#include <ATen/Parallel.h>

#include <stdexcept>
#include <utility>

#include "models/kernels/update.h"

namespace digitorch {
namespace {

// PyTorch's defaults.
constexpr double kAdamEpsilon = 1e-8;
constexpr double kAdadeltaEpsilon = 1e-6;

// Numbers whose few tensors stay in a core's own cache together.
constexpr int64_t kPiece = 1 << 14;

/// Calls work with the same piece of all of `tensors`, which have one size, for
/// every piece: what takes many passes then goes through memory once. Not so on
/// a GPU, which is better at large pieces.
template <class Work>
void in_pieces(const std::vector<torch::Tensor>& tensors, const Work& work) {
  const int64_t size = tensors.front().numel();
  const int64_t piece = tensors.front().is_cpu() ? kPiece : size;
  const int64_t pieces = (size + piece - 1) / piece;
  std::vector<torch::Tensor> flat;
  for (const torch::Tensor& each : tensors) flat.push_back(each.reshape(-1));
  at::parallel_for(0, pieces, 1, [&](int64_t first, int64_t last) {
    const torch::NoGradGuard no_grad;  // another thread has its own
    for (int64_t i = first; i < last; ++i) {
      std::vector<torch::Tensor> parts;
      for (const torch::Tensor& each : flat)
        parts.push_back(each.slice(0, i * piece, (i + 1) * piece));
      work(parts);
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

/// Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012.
template <class Rate>
void adadelta(
    const OptimizerOptions& options,
    const Rate& lr,
    torch::Tensor parameter,
    torch::Tensor gradient,
    torch::Tensor squared_change,
    torch::Tensor squared_gradient
) {
  const double rho = options.beta2;
  if (options.weight_decay > 0)
    gradient = gradient + parameter * options.weight_decay;
  squared_gradient.mul_(rho).addcmul_(gradient, gradient, 1 - rho);
  // The change: the gradient times the ratio of both root mean squares.
  torch::Tensor change = squared_change + kAdadeltaEpsilon;
  change.div_(squared_gradient + kAdadeltaEpsilon).sqrt_().mul_(gradient);
  squared_change.mul_(rho).addcmul_(change, change, 1 - rho);
  move_back(parameter, change, lr);
}

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
  step_with(gradients, lr);
}

void Optimizer::step(
    const std::vector<torch::Tensor>& gradients, const torch::Tensor& lr
) {
  step_with(gradients, lr);
}

template <class Rate>
void Optimizer::step_with(
    const std::vector<torch::Tensor>& gradients, const Rate& lr
) {
  const torch::NoGradGuard no_grad;
  if (step_on_gpu(gradients, lr)) return;
  if (options_.kind == "sgd")
    step_sgd(gradients, lr);
  else if (options_.kind == "adadelta")
    step_adadelta(gradients, lr);
  else
    step_adam(gradients, lr);
}

template <class Rate>
bool Optimizer::step_on_gpu(
    const std::vector<torch::Tensor>& gradients, const Rate& lr
) {
  if (!update_serves(parameters_, gradients)) return false;
  if (!steps_.empty()) at::_foreach_add_(steps_, 1);
  const bool adadelta = options_.kind == "adadelta";
  update(
      {.kind = options_.kind,
       .beta1 = options_.momentum,
       .beta2 = options_.beta2,
       .weight_decay = options_.weight_decay,
       .epsilon = adadelta ? kAdadeltaEpsilon : kAdamEpsilon},
      {.parameters = parameters_,
       .gradients = gradients,
       .first = first_,
       .second = second_,
       .steps = steps_},
      lr
  );
  return true;
}

template <class Rate>
void Optimizer::step_sgd(
    const std::vector<torch::Tensor>& gradients, const Rate& lr
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

template <class Rate>
void Optimizer::step_adam(
    const std::vector<torch::Tensor>& gradients, const Rate& lr
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

template <class Rate>
void Optimizer::step_adadelta(
    const std::vector<torch::Tensor>& gradients, const Rate& lr
) {
  for (size_t i = 0; i < parameters_.size(); ++i)
    in_pieces(
        {parameters_[i], gradients[i], first_[i], second_[i]},
        [&](const std::vector<torch::Tensor>& piece) {
          adadelta(options_, lr, piece[0], piece[1], piece[2], piece[3]);
        }
    );
}

NamedTensors Optimizer::state() const { return state_; }

}  // namespace digitorch
