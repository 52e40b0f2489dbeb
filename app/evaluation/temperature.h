// Temperature scaling: calibrates the probabilities of a network on pictures
// that it was not trained on.
#pragma once

#include <torch/types.h>

#include "models/networks/classifier.h"

namespace digitorch {

/// The temperature T for which the softmax of logits / T has the smallest mean
/// cross-entropy (Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern
/// Neural Networks", 2017). 1/20 <= T <= 20. The label of a picture counts for
/// (N + 1) / (N + 2) only, so that a few pictures, all of them classified
/// correctly, do not let T go to 0 (Platt, "Probabilistic Outputs for Support
/// Vector Machines", 1999). T is 1 where there is a single class.
/// logits: float [N, classes]; labels: int64 [N]; N >= 1.
double fit_temperature(
    const torch::Tensor& logits, const torch::Tensor& labels
);

/// Weights with which a network gives its logits divided by T. It divides those
/// of the last layer, which every network here calls "output", in copies; all
/// other tensors are the same.
NamedTensors with_temperature(const NamedTensors& weights, double temperature);

}  // namespace digitorch
