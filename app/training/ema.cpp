#include "app/training/ema.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace digitorch {

Ema::Ema(const Classifier& model, double decay)
    : current_(state_dict(model)), decay_(decay) {
  for (const auto& [name, tensor] : current_)
    averages_.emplace_back(name, tensor.detach().clone());
}

void Ema::update(int64_t step) {
  const torch::NoGradGuard no_grad;
  const double done = static_cast<double>(step);
  const double decay = std::min(decay_, (1 + done) / (10 + done));
  std::vector<torch::Tensor> averages;
  std::vector<torch::Tensor> latest;
  for (size_t i = 0; i < averages_.size(); ++i) {
    if (averages_[i].second.is_floating_point()) {
      averages.push_back(averages_[i].second);
      latest.push_back(current_[i].second);
    } else {
      averages_[i].second.copy_(current_[i].second);
    }
  }
  at::_foreach_lerp_(averages, latest, 1 - decay);
}

void Ema::apply_during(const std::function<void()>& work) {
  const torch::NoGradGuard no_grad;
  // Swapping contents, not handles: the model keeps its own tensors.
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
