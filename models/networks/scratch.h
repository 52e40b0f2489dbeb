// A fully connected network whose back-propagation is written by hand: tensors
// and matrix products, without autograd, torch::nn or torch::optim. The
// equations stand in scratch.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/networks/classifier.h"
#include "models/options/fields.h"

namespace digitorch {

struct ScratchOptions {
  static constexpr const char* kKind = "scratch";

  std::vector<int64_t> hidden{128};   ///< Units of each layer; may be none.
  std::string activation = "relu";    ///< relu, tanh or sigmoid.
  std::string initialisation = "he";  ///< See fully_connected.h.
};

std::vector<Field> fields(ScratchOptions&);

/// "784-128-10 relu, back-propagation by hand".
std::string summary(const ScratchOptions&, int64_t classes);

/// Its weights have the names and shapes of the equal mlp's, so that each can
/// take the other's.
std::unique_ptr<Classifier> make_classifier(
    const ScratchOptions&, int64_t classes, double mean, double deviation
);

}  // namespace digitorch
