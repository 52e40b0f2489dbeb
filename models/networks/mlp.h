// A fully connected network, made of torch::nn modules.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/networks/classifier.h"
#include "models/options/fields.h"

namespace digitorch {

struct MlpOptions {
  static constexpr const char* kKind = "mlp";

  std::vector<int64_t> hidden{512, 256};  ///< Units of each layer; may be none.
  std::string activation = "relu";        ///< relu, tanh or sigmoid.
  std::string initialisation = "torch";   ///< See fully_connected.h.
  double dropout = 0;       ///< Part of every hidden layer's outputs set to 0.
  bool batch_norm = false;  ///< Between each hidden layer and its activation.
};

std::vector<Field> fields(MlpOptions&);

/// "784-512-256-10 relu, batch norm, dropout 0.2".
std::string summary(const MlpOptions&, int64_t classes);

std::unique_ptr<Classifier> make_classifier(
    const MlpOptions&, int64_t classes, double mean, double deviation
);

}  // namespace digitorch
