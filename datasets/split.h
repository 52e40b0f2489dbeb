// Seeded division of a set into two parts.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <utility>

namespace digitorch {

/// The indices 0 .. size - 1 in two parts, of which the second has
/// round(fraction * size), drawn without replacement from a generator of its
/// own. Both are int64 and ascending. Throws c10::Error unless
/// 0 <= fraction < 1.
std::pair<torch::Tensor, torch::Tensor> split(
    int64_t size, double fraction, uint64_t seed
);

/// The same with the fraction taken of every class, so that small classes are
/// in both parts. Unless the fraction is 0, a class of two or more gives at
/// least one index to each part; a class of one stays in the first. labels:
/// int64 [N] on the CPU, >= 0.
std::pair<torch::Tensor, torch::Tensor> split_by_class(
    const torch::Tensor& labels, double fraction, uint64_t seed
);

}  // namespace digitorch
