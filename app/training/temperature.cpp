#include "app/training/temperature.h"

#include <cmath>

namespace digitorch {
namespace {

constexpr double kHottest = 20;
// Halves the range of log T until it is as narrow as a float64 can tell.
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
  const double trust = (count + 1) / (count + 2);
  const double others = (1 - trust) / static_cast<double>(classes - 1);
  const torch::Tensor target =
      torch::full_like(z, others).scatter_(1, labels.unsqueeze(1), trust);
  // With b = 1 / T and p the softmax of b z, dp / db = p (z - mean), the mean
  // logit under p. So the score's slope in b is 2 sum (p - target) p (z -
  // mean).
  const auto too_sure = [&](double temperature) {
    const torch::Tensor p = (z / temperature).softmax(1);
    const torch::Tensor mean = (p * z).sum(1, /*keepdim=*/true);
    return ((p - target) * p * (z - mean)).sum().item<double>() > 0;
  };
  double cold = -std::log(kHottest);
  double hot = std::log(kHottest);
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
