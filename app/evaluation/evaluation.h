// How well a network does on labelled pictures.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "datasets/image_dataset.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Pictures asked about at once where nobody says how many.
inline constexpr int64_t kEvaluationBatch = 1000;

struct ClassMetrics {
  int64_t samples = 0;   ///< Pictures of this class.
  double precision = 0;  ///< Of those called it, the part that is; 0 if none.
  double recall = 0;     ///< Of those that are, the part called it; 0 if none.
  double f1 = 0;         ///< Harmonic mean of the two; 0 where both are.
};

struct Evaluation {
  double loss = 0;          ///< Mean, of the kind asked for.
  torch::Tensor confusion;  ///< int64 [classes, classes]: truth x prediction.

  int64_t samples() const;
  int64_t correct() const;
  double accuracy() const;  ///< 0..1.
};

std::vector<ClassMetrics> per_class(const Evaluation&);

/// What a network gives for N >= 1 pictures, on its device.
struct Outputs {
  torch::Tensor logits;  ///< float [N, classes]
  torch::Tensor labels;  ///< int64 [N]: the truth.
};

/// Shows the pictures at `indices` (int64 [N]) to the network, batch by batch;
/// the device holds both model and data. Leaves the model in evaluation mode.
Outputs outputs_of(
    Classifier&,
    const ImageDataset&,
    const torch::Tensor& indices,
    int64_t batch_size
);

Evaluation evaluation_of(const Outputs&, const LossOptions& loss = {});

/// Scores all pictures, on the model's device.
Evaluation evaluate(Classifier&, const ImageSet&, int64_t batch_size);

}  // namespace digitorch
