// Seeded division of a set into parts.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <utility>

namespace digitorch {

/// Indices 0..size-1 in two parts without overlap, drawn without replacement
/// from a generator of its own; the second holds round(fraction * size) of
/// them. Both int64 and ascending. Requires 0 <= fraction < 1.
std::pair<torch::Tensor, torch::Tensor> split(
    int64_t size, double fraction, uint64_t seed
);

/// The same, with the fraction taken of every class, so that small classes are
/// in both parts: a class of two or more gives at least one to each part
/// (unless the fraction is 0), a class of one stays in the first. labels: int64
/// [N] on the CPU, >= 0.
std::pair<torch::Tensor, torch::Tensor> split_by_class(
    const torch::Tensor& labels, double fraction, uint64_t seed
);

}  // namespace digitorch
