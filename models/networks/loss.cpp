#include "models/networks/loss.h"

#include <stdexcept>

#include "models/options/choices.h"

namespace digitorch {
namespace {

/// Of each picture: [N].
torch::Tensor squared_errors(
    const torch::Tensor& logits, const torch::Tensor& labels, double smoothing
) {
  const int64_t classes = logits.size(1);
  const torch::Tensor target =
      at::one_hot(labels, classes).to(logits.dtype()) * (1 - smoothing) +
      smoothing / static_cast<double>(classes);
  const torch::Tensor difference = logits.softmax(1) - target;
  return difference.square().sum(1) / 2;
}

/// The mean of the losses of pictures, each with the weight of its class.
torch::Tensor weighted_mean(
    const torch::Tensor& losses,
    const torch::Tensor& labels,
    const torch::Tensor& class_weights
) {
  if (!class_weights.defined()) return losses.mean();
  return (losses * class_weights.to(losses.dtype()).index_select(0, labels))
      .mean();
}

/// The mean loss for one label of each picture.
torch::Tensor loss_for(
    const torch::Tensor& logits,
    const torch::Tensor& labels,
    const LossOptions& options
) {
  const torch::Tensor& weights = options.class_weights;
  switch (options.kind) {
    case LossKind::cross_entropy: {
      const torch::Tensor losses = at::cross_entropy_loss(
          logits,
          labels,
          /*weight=*/{},
          weights.defined() ? at::Reduction::None : at::Reduction::Mean,
          /*ignore_index=*/-100,
          options.label_smoothing
      );
      return weighted_mean(losses, labels, weights);
    }
    case LossKind::squared_error:
      return weighted_mean(
          squared_errors(logits, labels, options.label_smoothing),
          labels,
          weights
      );
  }
  throw std::logic_error("a loss that mean_loss does not know");
}

}  // namespace

const std::vector<Loss>& losses() {
  static const std::vector<Loss> table = {
      {"cross-entropy",
       "negative log-probability of the true class",
       LossKind::cross_entropy},
      {"squared-error",
       "half the squared distance of the probabilities to the one-hot label",
       LossKind::squared_error}};
  return table;
}

const Loss& loss_named(const std::string& name) {
  return row_named(losses(), name, "loss");
}

torch::Tensor mean_loss(
    const torch::Tensor& given,
    const torch::Tensor& labels,
    const LossOptions& options
) {
  // A loss in bfloat16 would have two significant digits.
  const torch::Tensor logits = at::isReducedFloatingType(given.scalar_type())
                                   ? given.to(torch::kFloat32)
                                   : given;
  const torch::Tensor loss = loss_for(logits, labels, options);
  const auto& [second, part] = options.mixture;
  if (!second.defined()) return loss;
  return loss * (1 - part) + loss_for(logits, second, options) * part;
}

}  // namespace digitorch
