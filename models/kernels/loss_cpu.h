// The loss of a batch with its gradient, and its right answers, on a CPU: one
// pass over the logits each, where ATen takes a dozen.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "models/kernels/step.h"

namespace digitorch {

/// Whether the functions below serve: on a CPU, logits float32
/// [N, classes], contiguous, of at least one picture and class, and labels
/// int64 [N], contiguous.
bool loss_serves(const torch::Tensor& logits, const torch::Tensor& labels);

/// See cross_entropy_gradient(). Throws c10::IndexError where a label is not
/// one of the classes.
LossGradient cross_entropy_gradient_cpu(
    const torch::Tensor& logits, const torch::Tensor& labels, double smoothing
);

/// How many pictures have their largest logit at their label. Of equal ones the
/// first counts, and what is not a number is larger than all numbers, as in
/// ATen.
int64_t count_correct(const torch::Tensor& logits, const torch::Tensor& labels);

}  // namespace digitorch
