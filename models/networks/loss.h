// What training minimises: one table, from which the option, its help and every
// network read.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

namespace digitorch {

enum class LossKind { cross_entropy, squared_error };

/// Second labels of pictures that are mixtures of two: see mixup.h.
struct Mixture {
  torch::Tensor labels = {};  ///< int64 [N]; undefined where nothing is mixed.
  torch::Tensor part = {};  ///< What they have of the mixture: a scalar, 0..1.
};

struct LossOptions {
  LossKind kind = LossKind::cross_entropy;
  /// The part of each label that is spread over all classes, 0 <= s < 1, as in
  /// torch's CrossEntropyLoss.
  double label_smoothing = 0;
  /// float [classes], on the device of the logits: the loss of a picture is
  /// multiplied by the weight of its class. Undefined: 1 for all.
  torch::Tensor class_weights = {};
  Mixture mixture = {};
};

/// A loss as an option names it.
struct Loss {
  std::string name;
  std::string help;  ///< See choices.h.
  LossKind kind;
};

/// One row for each LossKind.
const std::vector<Loss>& losses();

/// Throws std::logic_error where the table has no such name.
const Loss& loss_named(const std::string& name);

/// The mean loss over a batch, as a scalar, computed in float32 at least.
/// logits: float [N, classes]; labels: int64 [N].
/// cross_entropy: -log of the label's probability, by the softmax of the
///   logits.
/// squared_error: half the squared distance between the softmax of the logits
///   and the one-hot label.
/// The mean is over the pictures, whatever their weights.
/// Smoothing replaces the one-hot label of either by a mixture of it and the
/// uniform distribution.
/// The loss of mixtures is that for the labels and that for the second labels,
/// each by its part.
torch::Tensor mean_loss(
    const torch::Tensor& logits,
    const torch::Tensor& labels,
    const LossOptions& options
);

}  // namespace digitorch
