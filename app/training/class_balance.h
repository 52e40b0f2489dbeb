// Classes that a network can hardly learn, or has not learned.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "app/evaluation/evaluation.h"
#include "datasets/image_set.h"

namespace digitorch {

/// Warnings about the training pictures: classes without any, classes of one or
/// two, and a class fifty times as large as another.
std::vector<std::string> balance_warnings(const ImageSet& train);

/// A weight for each class with which the losses of every class add up to the
/// same, and whose mean over the pictures is 1: N / (classes * pictures of the
/// class), float [classes]; 0 for a class without pictures, which does not
/// count as one. labels: int64 [N].
torch::Tensor balanced_weights(const torch::Tensor& labels, int64_t classes);

/// N indices drawn from `indices`, int64 [N], with replacement, each class as
/// often as any other on average. labels: int64, those of all pictures. They
/// depend on the seed and the epoch alone.
torch::Tensor balanced_order(
    const torch::Tensor& indices,
    const torch::Tensor& labels,
    uint64_t seed,
    int64_t epoch
);

/// A warning for every class that has pictures here and that the network never
/// answered with.
std::vector<std::string> never_answered_warnings(
    const Evaluation&, const std::vector<std::string>& class_names
);

}  // namespace digitorch
