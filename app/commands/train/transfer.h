// A new network that begins with the layers of a trained one.
#pragma once

#include <string>
#include <vector>

#include "models/files/checkpoint.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Layers, as a LayerTap names them, with "output" for the last.
struct Transfer {
  std::vector<std::string> kept;  ///< Their weights are the checkpoint's.
  std::vector<std::string> made;  ///< They begin anew.

  /// "keeps conv 1, conv 2, hidden 1; output begins anew"; empty where nothing
  /// begins anew.
  std::string text() const;
};

/// Copies the weights of every layer that has the same name and shape in both
/// networks. The last layer is kept only where the classes are the same, in the
/// same order.
Transfer transfer(
    Classifier&,
    const Checkpoint& from,
    const std::vector<std::string>& class_names
);

}  // namespace digitorch
