#include "models/networks/back_propagation.h"

#include <stdexcept>

#include "models/kernels/product.h"
#include "models/networks/initialisation.h"

namespace digitorch {
namespace {

using torch::Tensor;

/// One-hot rows [N, classes], of which smoothing spreads a part evenly over all
/// classes.
Tensor targets(const Tensor& labels, const Tensor& logits, double smoothing) {
  const auto classes = static_cast<double>(logits.size(1));
  const double low = smoothing / classes;
  return at::full_like(logits, low)
      .scatter_(1, labels.unsqueeze(1), 1 - smoothing + low);
}

struct LossAndDelta {
  Tensor loss;   // scalar, the mean over the batch
  Tensor delta;  // [N, classes], the gradient of `loss` with respect to z
};

/// z: logits [N, classes]; t: targets [N, classes]; weights: of the pictures'
/// losses, [N, 1], or undefined where all are 1.
LossAndDelta differentiate_loss(
    const Tensor& z, const Tensor& t, const Tensor& weights, LossKind kind
) {
  const auto weighted = [&](const Tensor& rows) {
    return weights.defined() ? rows * weights : rows;
  };
  const auto n = static_cast<double>(z.size(0));
  // Subtracting a row's maximum leaves its softmax as it is and keeps exp from
  // overflowing.
  const Tensor shifted = z - z.amax(1, true);
  const Tensor exponential = shifted.exp();
  const Tensor total = exponential.sum(1, true);  // [N, 1]
  const Tensor p = exponential / total;
  const Tensor difference = (p - t) / n;
  switch (kind) {
    case LossKind::cross_entropy: {
      // C = -1/N sum t log p. Behind softmax its gradient is (p - t) / N.
      const Tensor log_p = shifted - total.log();
      return {-weighted(t * log_p).sum() / n, weighted(difference)};
    }
    case LossKind::squared_error: {
      // C = 1/2N sum (p - t)^2, and dp_k/dz_j = p_k (1[j = k] - p_j).
      const Tensor through_softmax =
          p * (difference - (difference * p).sum(1, true));
      return {
          weighted(difference.square()).sum() * (n / 2),
          weighted(through_softmax)};
    }
  }
  throw std::logic_error("a loss that back-propagation does not know");
}

/// The same for labels: int64 [N].
LossAndDelta differentiate_loss(
    const Tensor& z, const Tensor& labels, const LossOptions& options
) {
  Tensor weights;
  if (options.class_weights.defined())
    weights = options.class_weights.index_select(0, labels).unsqueeze(1);
  return differentiate_loss(
      z, targets(labels, z, options.label_smoothing), weights, options.kind
  );
}

}  // namespace

std::vector<DenseLayer> make_dense_layers(
    const std::vector<int64_t>& units, const std::string& initialisation
) {
  std::vector<DenseLayer> layers;
  for (size_t l = 1; l < units.size(); ++l) {
    DenseLayer layer{
        at::empty({units[l], units[l - 1]}), at::empty({units[l]})};
    initialisation_named(initialisation).draw(layer.weight, layer.bias);
    layers.push_back(std::move(layer));
  }
  return layers;
}

ForwardPass propagate(
    const std::vector<DenseLayer>& layers,
    const Activation& f,
    const Tensor& input
) {
  ForwardPass pass;
  Tensor a = input;
  for (const DenseLayer& layer : layers) {
    if (!pass.z.empty()) a = f.value(pass.z.back());
    pass.a.push_back(a);
    pass.z.push_back(product(a, layer.weight.t(), layer.bias));
  }
  return pass;
}

BackwardPass propagate_back(
    const std::vector<DenseLayer>& layers,
    const Activation& f,
    const ForwardPass& pass,
    const Tensor& labels,
    const LossOptions& options
) {
  const auto& [a, z] = pass;
  auto [loss, delta] = differentiate_loss(z.back(), labels, options);
  if (const auto& [second, part] = options.mixture; second.defined()) {
    const LossAndDelta other = differentiate_loss(z.back(), second, options);
    loss = loss * (1 - part) + other.loss * part;
    delta = delta * (1 - part) + other.delta * part;
  }
  BackwardPass back{loss, {}, {}};
  back.delta.resize(layers.size());
  back.gradients.resize(layers.size());
  for (size_t l = layers.size(); l-- > 0;) {
    back.delta[l] = delta;
    back.gradients[l] = {product(delta.t(), a[l]), delta.sum(0)};
    if (l > 0)
      delta = product(delta, layers[l].weight) * f.slope(z[l - 1], a[l]);
  }
  return back;
}

}  // namespace digitorch
