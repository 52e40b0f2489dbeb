// Bounds of every network, so that no description, however hostile, makes the
// program take more memory than a network for small pictures needs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/options/fields.h"

namespace digitorch {

inline constexpr WholeRange kLayerWidth{1, 65536};
inline constexpr RealRange kDropoutRange{0, 0.99};  // 1 would drop all

/// Throws std::runtime_error naming the option, as assign() does, for a value
/// that its field would not take.
void check_values(const std::vector<Field>&);

/// Throws std::runtime_error naming the option for a list of over 64 layers.
void check_depth(const std::string& option, const std::vector<int64_t>& layers);

/// Throws std::runtime_error naming the option for over 2^25 weights (128 MiB).
/// To be called before any of them is allocated.
void check_weight_count(const std::string& option, int64_t weights);

/// Throws std::runtime_error naming the option for a layer that gives over 2^22
/// numbers (16 MiB) for a picture.
void check_activation_count(const std::string& option, int64_t numbers);

/// The number of weights and biases of nn::Linear layers of these widths, one
/// after the other.
int64_t linear_weight_count(
    int64_t inputs, const std::vector<int64_t>& hidden, int64_t outputs
);

}  // namespace digitorch
