#include "app/evaluation/learning_step.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/system/errors.h"
#include "models/networks/activation.h"

namespace digitorch {
namespace {

/// Half the distance of the two points of a central difference. In double
/// precision its errors of truncation and of rounding are both near 1e-11.
constexpr double kDistance = 1e-5;

std::vector<DenseLayer> copies_of(const std::vector<DenseLayer>& layers) {
  std::vector<DenseLayer> copies;
  for (const DenseLayer& layer : layers)
    copies.push_back({layer.weight.clone(), layer.bias.clone()});
  return copies;
}

/// The loss by mean_loss(), which shares no code with propagate_back().
double loss_of(const std::vector<DenseLayer>& layers, const Example& example) {
  const torch::Tensor logits =
      propagate(layers, activation_named(example.activation), example.input)
          .z.back();
  const torch::Tensor label = torch::full({1}, example.label, torch::kInt64);
  return mean_loss(logits, label, example.loss).item<double>();
}

/// The differences for one tensor of `layers`, whose other weights stay as they
/// are.
torch::Tensor differentiate(
    torch::Tensor& values,
    const std::vector<DenseLayer>& layers,
    const Example& example,
    int64_t max_tried
) {
  torch::Tensor found =
      at::full_like(values, std::numeric_limits<double>::quiet_NaN());
  auto* value = values.mutable_data_ptr<double>();
  auto* difference = found.mutable_data_ptr<double>();
  const int64_t every = (values.numel() + max_tried - 1) / max_tried;
  for (int64_t i = 0; i < values.numel(); i += every) {
    const double before = value[i];
    value[i] = before + kDistance;
    const double above = loss_of(layers, example);
    value[i] = before - kDistance;
    const double below = loss_of(layers, example);
    value[i] = before;
    difference[i] = (above - below) / (2 * kDistance);
  }
  return found;
}

void compare(
    LearningStep& step,
    const torch::Tensor& gradient,
    const torch::Tensor& difference
) {
  const torch::Tensor tried = difference.isfinite();
  step.parameters += gradient.numel();
  step.checked += tried.sum().item<int64_t>();
  step.largest_difference = std::max(
      step.largest_difference,
      (gradient - difference).abs().masked_select(tried).max().item<double>()
  );
}

}  // namespace

std::vector<int64_t> LearningStep::units() const {
  std::vector<int64_t> units = {example.input.size(1)};
  for (const DenseLayer& layer : example.layers)
    units.push_back(layer.weight.size(0));
  return units;
}

LearningStep take_step(const Example& example, int64_t max_tried) {
  const Activation& f = activation_named(example.activation);
  const torch::Tensor label = torch::full({1}, example.label, torch::kInt64);
  LearningStep step{.example = example};
  step.example.layers = copies_of(example.layers);
  step.forward = propagate(example.layers, f, example.input);
  step.probabilities = step.forward.z.back().softmax(1);
  step.backward =
      propagate_back(example.layers, f, step.forward, label, example.loss);
  if (!std::isfinite(step.backward.loss.item<double>()))
    throw DivergedError("the loss of the example is not a number");

  std::vector<DenseLayer> layers = copies_of(example.layers);
  for (size_t l = 0; l < layers.size(); ++l) {
    step.differences.push_back(
        {differentiate(layers[l].weight, layers, example, max_tried),
         differentiate(layers[l].bias, layers, example, max_tried)}
    );
    compare(
        step, step.backward.gradients[l].weight, step.differences[l].weight
    );
    compare(step, step.backward.gradients[l].bias, step.differences[l].bias);
  }
  for (size_t l = 0; l < layers.size(); ++l) {
    layers[l].weight -= example.lr * step.backward.gradients[l].weight;
    layers[l].bias -= example.lr * step.backward.gradients[l].bias;
  }
  step.loss_after = loss_of(layers, example);
  return step;
}

std::string name_of_layer(size_t l, size_t layers) {
  if (l == 0) return "input";
  return l < layers ? "hidden " + std::to_string(l) : "output";
}

}  // namespace digitorch
