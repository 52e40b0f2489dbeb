// A fully connected network, made of torch::nn modules.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/networks/classifier.h"
#include "models/networks/layers.h"
#include "models/networks/task.h"
#include "models/options/fields.h"

namespace digitorch {

struct MlpOptions {
  static constexpr const char* kKind = "mlp";
  static constexpr bool kTrainsInBfloat16 = true;

  std::vector<int64_t> hidden{512, 256};  ///< Units of each layer; may be none.
  std::string activation = "relu";        ///< A name in activation.h.
  std::string initialisation = "torch";   ///< A name in initialisation.h.
  double dropout = 0;       ///< Part of every hidden layer's outputs set to 0.
  bool batch_norm = false;  ///< Between each hidden layer and its activation.
};

std::vector<Field> fields(MlpOptions&);

/// Throws std::runtime_error naming the option that does not fit.
void check(const MlpOptions&, const NetworkTask&);

/// "784-512-256-10 relu, batch norm, dropout 0.2".
std::string summary(const MlpOptions&, const NetworkTask&);

/// Its layers for exporters.
NetworkLayers layers(const MlpOptions&);

/// A network with weights drawn from the default generator. Throws as check()
/// does.
std::unique_ptr<Classifier>
make_classifier(const MlpOptions&, const NetworkTask&);

}  // namespace digitorch
