// How large the gradient of every layer is while a network learns. Where it
// gets smaller from the last layer to the first, the first layers hardly learn:
// the vanishing gradient (Hochreiter, 1991; Glorot and Bengio, 2010).
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
  TrainOptions train;     ///< Its seed decides everything random.
  int64_t steps = 400;    ///< Number of training steps, >= 1.
  int64_t interval = 20;  ///< Number of steps over which a record is the mean,
                          ///< >= 1.
};

struct GradientFlow {
  ScratchOptions network;
  std::vector<int64_t> steps;  ///< Last step of each record, counted from 1.
  /// float64 [records, layers]: the mean Euclidean norm of the gradient of a
  /// layer's weights and biases, from the first hidden layer to the output.
  torch::Tensor norms;
  std::optional<double> loss;  ///< Mean of the last 50 steps; none where there
                               ///< were fewer.

  /// float64 [layers]: the mean of the norms over all steps.
  torch::Tensor mean_norms() const;
  /// The mean norm of the first layer divided by that of the output layer.
  double ratio() const;
  /// True where ratio() is below 1/100.
  bool vanishes() const;
};

/// Trains the hand-written network and records its gradients. `should_stop` is
/// called after every step. Throws DivergedError as Trainer::run() does.
GradientFlow measure_gradient_flow(
    const GradientFlowOptions&,
    const ImageSet&,
    torch::Device,
    const std::function<bool()>& should_stop = [] { return false; }
);

}  // namespace digitorch
