// What a training step does beside its layers, each in one kernel on a GPU;
// elsewhere by ATen, but for the first pass over the pixels (pixels_cpu.h) and
// the loss (loss_cpu.h).
#pragma once

#include <torch/types.h>

#include <optional>
#include <vector>

namespace digitorch {

/// (images - mean) / std_dev.
torch::Tensor normalised(
    const torch::Tensor& images, double mean, double std_dev
);

/// The largest change of each kind, either way.
struct AffineRange {
  double degrees;
  double shift;  ///< Part of the side.
  double scale;
  double shear;
};

/// Pictures turned, moved, scaled and slanted about their centre, each by its
/// own draws, in one kernel; nothing where only ATen computes it. images: float
/// [N, 1, S, S]; drawn: float [5, N] in 0..1: angle, right, down, scale, shear.
std::optional<torch::Tensor>
distorted(const torch::Tensor& images, const torch::Tensor& drawn, const AffineRange&);

struct PictureBatch {
  torch::Tensor images;  ///< float [N, 1, S, S] in 0..1.
  torch::Tensor labels;  ///< int64 [N].
};

/// The pictures of those indices, all on one device. images: uint8
/// [M, 1, S, S]; labels: int64 [M]; indices: int64 [N].
PictureBatch fetched(
    const torch::Tensor& images,
    const torch::Tensor& labels,
    const torch::Tensor& indices
);

struct LossGradient {
  torch::Tensor loss;      ///< Scalar: the mean cross-entropy.
  torch::Tensor gradient;  ///< Of it, with respect to the logits.
};

/// Both at once, without autograd; nothing where only ATen computes them.
/// logits: [N, classes]; labels: int64 [N], classes.
std::optional<LossGradient> cross_entropy_gradient(
    const torch::Tensor& logits, const torch::Tensor& labels, double smoothing
);

/// Adds a batch to the sums of an epoch: loss * N to loss_sum, float64, and the
/// number of right answers to correct, int64; both scalars.
void tally(
    const torch::Tensor& loss,
    const torch::Tensor& logits,
    const torch::Tensor& labels,
    torch::Tensor loss_sum,
    torch::Tensor correct
);

/// What a run is watched by, as float64 [3]: loss_sum, correct, and the largest
/// absolute value of any of the weights, NaN where they hold one. loss_sum:
/// float64 scalar; correct: int64 scalar; weights: at least one, all on the
/// device of the sums.
torch::Tensor probed(
    const torch::Tensor& loss_sum,
    const torch::Tensor& correct,
    const std::vector<torch::Tensor>& weights
);

struct StepOfPlan {
  torch::Tensor indices;  ///< int64 [batch].
  torch::Tensor rates;    ///< float [2].
};

/// Row `position` of both, and one more in `position`. order: int64
/// [steps, batch]; rates: float [steps, 2]; position: int64 [1].
StepOfPlan next_of_plan(
    const torch::Tensor& order,
    const torch::Tensor& rates,
    torch::Tensor position
);

}  // namespace digitorch
