// Calibration: how sure a network may be of its answers, fitted on pictures
// that it was not trained on.
#pragma once

#include <torch/types.h>

#include "models/networks/classifier.h"

namespace digitorch {

/// The temperature T for which the softmax of logits / T has the least mean
/// cross-entropy (Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern
/// Neural Networks", 2017), within 1/20 .. 20. A picture's label counts for
/// (N + 1) / (N + 2) only, so that a few pictures, all of them read right, do
/// not make the network endlessly sure (Platt, "Probabilistic Outputs for
/// Support Vector Machines", 1999). 1 where there is a single class.
/// logits: float [N, classes]; labels: int64 [N]; N >= 1.
double fit_temperature(
    const torch::Tensor& logits, const torch::Tensor& labels
);

/// Weights whose network gives the logits of `weights` divided by T: those of
/// the last layer, which every network here calls "output", are divided. Copies
/// of these, the same tensors otherwise.
NamedTensors with_temperature(const NamedTensors& weights, double temperature);

}  // namespace digitorch
