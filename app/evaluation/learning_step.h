// One step of gradient descent on one example, with every value on the way:
// what `digitorch backprop` shows.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "models/networks/back_propagation.h"

namespace digitorch {

struct Example {
  std::vector<DenseLayer> layers;  ///< float64.
  std::string activation;          ///< A name in activation.h.
  LossOptions loss;
  torch::Tensor input;  ///< float64 [1, n_0].
  int64_t label = 0;    ///< 0 <= label < classes.
  double lr = 0.5;      ///< Learning rate of the step.
};

struct LearningStep {
  Example example;  ///< As it was before the step.
  ForwardPass forward;
  BackwardPass backward;
  torch::Tensor probabilities;  ///< float64 [1, classes].
  /// The same gradients by central differences of the loss: (C(w + h) -
  /// C(w - h)) / 2h for one weight w after another, with nothing else changed.
  /// NaN where a layer has too many weights to try all of them.
  std::vector<DenseLayer> differences;
  int64_t checked = 0;  ///< How many gradients have a finite difference.
  int64_t parameters = 0;
  double largest_difference = 0;  ///< Between the two ways, over all checked.
  double loss_after = 0;          ///< Once every weight has moved by -lr dC/dw.

  /// Units of each layer, the inputs first.
  std::vector<int64_t> units() const;
};

/// Tries at most `max_tried` weights of each layer by finite differences,
/// evenly spaced. Throws DivergedError where the loss is not a number.
LearningStep take_step(const Example&, int64_t max_tried = 10000);

/// "input", "hidden 1", ..., "output": the layer that gives a_l.
std::string name_of_layer(size_t l, size_t layers);

}  // namespace digitorch
