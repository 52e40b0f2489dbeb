// Training on mixtures of two pictures: H. Zhang, M. Cisse, Y. Dauphin and
// D. Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", 2018.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "models/networks/loss.h"

namespace digitorch {

/// Which pictures are mixed in an epoch, and how much.
struct EpochMixture {
  /// For each step a permutation of its batch, int64 [size]: the position of
  /// the picture that is mixed into each.
  std::vector<torch::Tensor> partners;
  std::vector<float> parts;  ///< For each step, what the partners get: 0..1.
};

/// The mixture of an epoch whose steps have batches of these sizes. It depends
/// on seed and epoch alone. The parts are Beta(alpha, alpha) distributed,
/// alpha > 0. Where float64 has no number for so small an alpha, nothing is
/// mixed.
EpochMixture mix_epoch(
    double alpha,
    const std::vector<int64_t>& batch_sizes,
    uint64_t seed,
    int64_t epoch
);

/// What a network learns from: pictures, their labels and what is mixed in.
struct MixedBatch {
  torch::Tensor images;  ///< float [N, C, H, W].
  torch::Tensor labels;  ///< int64 [N], of the first picture of each mixture.
  Mixture mixture;       ///< The label and the part of the second.
};

/// Mixes the second half of a batch into the first half. images: float
/// [2N, C, H, W]; labels: int64 [2N]; part: float scalar on their device, what
/// the second half gets.
MixedBatch mixed(
    const torch::Tensor& images,
    const torch::Tensor& labels,
    const torch::Tensor& part
);

/// The label of the picture that has the larger part in each mixture, by which
/// answers are counted as correct: int64 [N]. Where nothing is mixed, these are
/// the labels.
torch::Tensor main_labels(const MixedBatch&);

}  // namespace digitorch
