#include "app/training/ema.h"

#include <algorithm>
#include <variant>

namespace digitorch {

Ema::Ema(const Classifier& model, double decay)
    : current_(state_dict(model)), decay_(decay) {
  for (const auto& [name, tensor] : current_) {
    averages_.emplace_back(name, tensor.detach().clone());
    if (!tensor.is_floating_point()) continue;
    latest_.push_back(tensor);
    averaged_.push_back(averages_.back().second);
  }
}

double Ema::weight(int64_t step) const {
  const double done = static_cast<double>(step);
  return 1 - std::min(decay_, (1 + done) / (10 + done));
}

void Ema::update(const StepNumber& weight) {
  const torch::NoGradGuard no_grad;
  copy_counters();
  if (const auto* tensor = std::get_if<torch::Tensor>(&weight)) {
    const std::vector<torch::Tensor> weights(averaged_.size(), *tensor);
    at::_foreach_lerp_(averaged_, latest_, weights);
  } else {
    at::_foreach_lerp_(averaged_, latest_, std::get<double>(weight));
  }
}

void Ema::copy_counters() {
  for (size_t i = 0; i < averages_.size(); ++i)
    if (!averages_[i].second.is_floating_point())
      averages_[i].second.copy_(current_[i].second);
}

void Ema::apply_during(const std::function<void()>& work) {
  const torch::NoGradGuard no_grad;
  // The contents are swapped, not the handles: the model keeps its tensors.
  const auto swap = [this] {
    for (size_t i = 0; i < averages_.size(); ++i) {
      const auto kept = current_[i].second.detach().clone();
      current_[i].second.copy_(averages_[i].second);
      averages_[i].second.copy_(kept);
    }
  };
  swap();
  try {
    work();
  } catch (...) {
    swap();
    throw;
  }
  swap();
}

}  // namespace digitorch
