#include "models/networks/loss.h"

#include <stdexcept>

#include "models/options/choices.h"

namespace digitorch {
namespace {

torch::Tensor mean_squared_error(
    const torch::Tensor& logits, const torch::Tensor& labels, double smoothing
) {
  const int64_t classes = logits.size(1);
  const torch::Tensor target =
      at::one_hot(labels, classes).to(logits.dtype()) * (1 - smoothing) +
      smoothing / static_cast<double>(classes);
  const torch::Tensor difference = logits.softmax(1) - target;
  return difference.square().sum(1).mean() / 2;
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
  switch (options.kind) {
    case LossKind::cross_entropy:
      return at::cross_entropy_loss(
          logits,
          labels,
          /*weight=*/{},
          at::Reduction::Mean,
          /*ignore_index=*/-100,
          options.label_smoothing
      );
    case LossKind::squared_error:
      return mean_squared_error(logits, labels, options.label_smoothing);
  }
  throw std::logic_error("a loss that mean_loss does not know");
}

}  // namespace digitorch
