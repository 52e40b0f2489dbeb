#include "app/evaluation/temperature.h"

#include <cmath>

namespace digitorch {
namespace {

constexpr double kMaxTemperature = 20;
// After so many halvings the range of log T is as narrow as float64 allows.
constexpr int kHalvings = 50;

}  // namespace

double fit_temperature(
    const torch::Tensor& logits, const torch::Tensor& labels
) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor z = logits.to(torch::kFloat64);
  const auto count = static_cast<double>(z.size(0));
  const int64_t classes = z.size(1);
  if (classes == 1) return 1;
  // The loss is convex in b = 1 / T. Its slope is the mean logit under the
  // network's probabilities minus the mean logit under the targets.
  const double trust = (count + 1) / (count + 2);
  const torch::Tensor of_label = z.gather(1, labels.unsqueeze(1)).squeeze(1);
  const torch::Tensor of_others =
      (z.sum(1) - of_label) / static_cast<double>(classes - 1);
  const torch::Tensor target = trust * of_label + (1 - trust) * of_others;
  const auto too_sure = [&](double temperature) {
    const torch::Tensor expected = ((z / temperature).softmax(1) * z).sum(1);
    return (expected - target).mean().item<double>() > 0;
  };
  double cold = -std::log(kMaxTemperature);
  double hot = std::log(kMaxTemperature);
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (cold + hot) / 2;
    (too_sure(std::exp(middle)) ? cold : hot) = middle;
  }
  return std::exp((cold + hot) / 2);
}

NamedTensors with_temperature(const NamedTensors& weights, double temperature) {
  NamedTensors divided = weights;
  int found = 0;
  for (auto& [name, tensor] : divided) {
    if (name != "output.weight" && name != "output.bias") continue;
    tensor = tensor / temperature;
    ++found;
  }
  TORCH_CHECK(found == 2, "a network without an output layer");
  return divided;
}

}  // namespace digitorch
