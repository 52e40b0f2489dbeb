// Bounds of every network, so that no description, however hostile, takes more
// memory than a network for small pictures can need.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/options/fields.h"

namespace digitorch {

inline constexpr WholeRange kLayerWidth{1, 65536};
inline constexpr RealRange kDropoutRange{0, 0.99};  // 1 would leave nothing

/// Puts every field's value through its own checks. Throws std::runtime_error
/// naming the option, as assign() does.
void check_values(const std::vector<Field>&);

/// Throws std::runtime_error naming the option for a list of over 64 layers.
void check_depth(const std::string& option, const std::vector<int64_t>& layers);

/// Throws std::runtime_error naming the option for over 2^25 weights (128 MiB):
/// called before any of them is allocated.
void check_weight_count(const std::string& option, int64_t weights);

/// Weights of Linear layers of these widths, one after another.
int64_t linear_weight_count(
    int64_t inputs, const std::vector<int64_t>& hidden, int64_t outputs
);

}  // namespace digitorch
