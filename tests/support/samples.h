// Small networks and checkpoints for the tests.
#pragma once

#include <torch/types.h>

#include <stdexcept>
#include <string>

#include "models/files/checkpoint.h"

namespace digitorch::testing {

/// Two convolutions with batch norm, one hidden layer, three classes.
ModelSpec tiny_cnn();

/// Two hidden layers with batch norm, three classes.
ModelSpec tiny_mlp();

/// Random weights, and running statistics that are not those of the start.
Checkpoint checkpoint_of(const ModelSpec&);

/// Seeded: float [count, 1, 28, 28] in 0..1.
torch::Tensor random_images(int64_t count);

/// What std::runtime_error the call threw; empty where none.
template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace digitorch::testing
