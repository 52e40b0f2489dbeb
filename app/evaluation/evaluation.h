// What a network gave for labelled pictures. All scores are functions of this
// one result: accuracy.h, confusion.h, calibration.h, mistakes.h; metrics.h is
// the table of those that `eval` and the report show.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>

#include "datasets/image_dataset.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// The default number of pictures in a batch.
inline constexpr int64_t kEvaluationBatch = 1000;

/// What a network gave for N >= 1 pictures. The tensors are on the CPU.
struct Evaluation {
  torch::Tensor logits;  ///< float32 [N, classes].
  torch::Tensor
      probabilities;     ///< float32 [N, classes]: softmax of the logits.
  torch::Tensor labels;  ///< int64 [N]: the true classes.
  double loss = 0;       ///< Mean over the pictures.

  int64_t samples() const { return labels.numel(); }
  int64_t classes() const { return probabilities.size(1); }
};

/// A network whose answers are not numbers, since its weights overflow or its
/// training has diverged.
struct AnswersNotFinite : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// probabilities: float [N, classes]. Throws AnswersNotFinite where those of a
/// picture are not numbers, which compare in no order and belong to no bin.
void check_answers(const torch::Tensor& probabilities);

/// Evaluates these logits, float [N, classes], for pictures with these labels,
/// int64 [N], where 0 <= label < classes. `loss` says which loss to take the
/// mean of; the default is cross-entropy. Requires N >= 1. Throws as
/// check_answers() does.
Evaluation evaluation_of(
    const torch::Tensor& logits,
    const torch::Tensor& labels,
    const LossOptions& loss = {}
);

/// Shows the pictures at `indices`, int64 [N], to the network, batch by batch;
/// the device holds both model and data. Leaves the model in evaluation mode.
/// Throws as evaluation_of() does.
Evaluation evaluate(
    Classifier&,
    const ImageDataset&,
    const torch::Tensor& indices,
    int64_t batch_size,
    const LossOptions& loss = {}
);

/// The same for all pictures of a set, which it copies to the model's device.
Evaluation evaluate(Classifier&, const ImageSet&, int64_t batch_size);

/// Asked after every batch whether to give up.
using StopCheck = std::function<bool()>;

/// The logits, float [B, classes], of the pictures at these indices, int64 [B].
using LogitsOf = std::function<torch::Tensor(const torch::Tensor& chosen)>;

/// As evaluate(), but by a function in the model's place, which is given
/// indices on the data's device, and gives up and returns nothing where `stop`
/// says so.
std::optional<Evaluation> evaluate_until(
    const StopCheck& stop,
    const LogitsOf&,
    const ImageDataset&,
    const torch::Tensor& indices,
    int64_t batch_size,
    const LossOptions& loss = {}
);

/// The same for a model.
std::optional<Evaluation> evaluate_until(
    const StopCheck& stop,
    Classifier&,
    const ImageDataset&,
    const torch::Tensor& indices,
    int64_t batch_size,
    const LossOptions& loss = {}
);

}  // namespace digitorch
