// What the two fully connected networks, mlp and scratch, share: their options,
// how weights are drawn, and how they are described.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "models/networks/classifier.h"
#include "models/options/fields.h"

namespace digitorch {

/// Pixels of a picture, in rows from the top.
inline constexpr int64_t kInputs = kInputSide * kInputSide;

/// The fields "hidden", "activation" (see activation.h) and "initialisation"
/// (torch, he, xavier, normal; see initialise()).
std::vector<Field> fully_connected_fields(
    std::vector<int64_t>& hidden,
    std::string& activation,
    std::string& initialisation
);

/// Throws std::runtime_error for more layers or weights than are allowed.
void check_fully_connected(const std::vector<int64_t>& hidden, int64_t classes);

/// "784-512-256-10 relu".
std::string fully_connected_summary(
    const std::vector<int64_t>& hidden,
    const std::string& activation,
    int64_t classes
);

/// Draws weight [outputs, inputs] and bias [outputs] anew from the default
/// generator:
/// torch: uniform within 1/sqrt(inputs), as nn.Linear does it.
/// he: normal, deviation sqrt(2 / inputs), biases 0 (He et al., "Delving Deep
///   into Rectifiers", 2015): keeps the signal's size through ReLUs.
/// xavier: normal, deviation sqrt(2 / (inputs + outputs)), biases 0 (Glorot and
///   Bengio, "Understanding the difficulty of training deep feedforward neural
///   networks", 2010): the same for tanh.
/// normal: weights and biases with deviation 1, whatever the width, as
///   textbooks begin.
/// Throws std::logic_error for any other name.
void initialise(
    const std::string& how, torch::Tensor weight, torch::Tensor bias
);

}  // namespace digitorch
