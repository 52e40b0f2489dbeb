// A fully connected network whose back-propagation is written by hand, in
// back_propagation.h.
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

struct ScratchOptions {
  static constexpr const char* kKind = "scratch";
  /// Its gradients are written for one type of number.
  static constexpr bool kTrainsInBfloat16 = false;

  std::vector<int64_t> hidden{128};   ///< Units of each layer; may be none.
  std::string activation = "relu";    ///< A name in activation.h.
  std::string initialisation = "he";  ///< A name in initialisation.h.
};

std::vector<Field> fields(ScratchOptions&);

/// Throws std::runtime_error naming the option that does not fit.
void check(const ScratchOptions&, const NetworkTask&);

/// "784-128-10 relu, back-propagation by hand".
std::string summary(const ScratchOptions&, const NetworkTask&);

/// Its layers for exporters.
NetworkLayers layers(const ScratchOptions&);

/// A network whose weights have the names and shapes of those of the equal mlp,
/// so that each can load the other's, drawn from the default generator. Throws
/// as check() does.
std::unique_ptr<Classifier>
make_classifier(const ScratchOptions&, const NetworkTask&);

}  // namespace digitorch
