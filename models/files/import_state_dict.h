// The state dict of a PyTorch module, as Python's safetensors saves it, as a
// checkpoint of this program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/files/checkpoint.h"

namespace digitorch {

/// What a file of weights says of its network.
struct StateDict {
  /// Floats of other precisions have become float32.
  NamedTensors weights;
  /// Options with the sizes of the weights: channels, kernel, hidden and
  /// batch-norm. What no shape shows, such as pooling and activation, is as in
  /// the metadata "spec" that `digitorch export --format safetensors` writes,
  /// or else as by default.
  NetworkOptions network;
  int64_t classes = 0;
  double mean = 0;     ///< Of the metadata "spec", or 0.
  double std_dev = 1;  ///< Likewise, or 1.
  /// Likewise; without it, what the first layer's shape shows.
  InputFormat input = {};
  /// Of the metadata "class_names"; empty where there are none.
  std::vector<std::string> class_names;
};

/// The content of a safetensors file whose weights have the names that
/// `digitorch export --format safetensors` gives: conv.0.weight, norm.0.weight,
/// hidden.0.weight, output.weight and so on. `kind`: a kind of network; empty
/// for that of the metadata, or else "cnn" where there is a convolution, and
/// "mlp". Throws std::runtime_error
/// "<name>: <what was found>; expected <what>" for bytes that are no
/// safetensors and for weights without an output layer.
StateDict decode_state_dict(
    std::string_view bytes, const std::string& kind, const std::string& name
);

/// The checkpoint of that network with these weights, and no metrics. Throws
/// std::runtime_error naming `name` where the spec cannot be built, and the
/// first weight that is missing, has another shape or type, belongs to no
/// layer, or is not finite.
Checkpoint checkpoint_from(
    const ModelSpec&,
    std::vector<std::string> class_names,
    const NamedTensors& weights,
    const std::string& name
);

}  // namespace digitorch
