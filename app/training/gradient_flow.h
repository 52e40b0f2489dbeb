// How large the gradient of every layer is while a network learns: where it
// fades from the last layer to the first, the first ones hardly learn (the
// vanishing gradient: Hochreiter, 1991; Glorot and Bengio, 2010).
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/training/options.h"
#include "datasets/image_set.h"
#include "models/networks/scratch.h"

namespace digitorch {

struct GradientFlowOptions {
  ScratchOptions network;
  TrainOptions train;     ///< Its seed decides everything.
  int64_t steps = 400;    ///< Steps of training, >= 1.
  int64_t interval = 20;  ///< Steps that one record is the mean of, >= 1.
};

struct GradientFlow {
  ScratchOptions network;
  std::vector<int64_t> steps;  ///< Last step of each record, from 1.
  /// float64 [records, layers]: the mean Euclidean norm of the gradient of the
  /// layer's weights and biases, the first hidden layer first, the output last.
  torch::Tensor norms;
  std::optional<double> loss;  ///< Mean of the last 50 steps; none of fewer.

  /// [layers]: the mean over all steps.
  torch::Tensor mean_norms() const;
  /// First layer's mean norm by that of the output layer.
  double ratio() const;
  /// The first layer gets less than a hundredth of the output's gradient.
  bool vanishes() const;
};

/// Trains a hand-written network and watches its gradients. `should_stop` is
/// asked after every step. Throws DivergedError as the trainer does.
GradientFlow measure_gradient_flow(
    const GradientFlowOptions&,
    const ImageSet&,
    torch::Device,
    const std::function<bool()>& should_stop = [] { return false; }
);

}  // namespace digitorch
