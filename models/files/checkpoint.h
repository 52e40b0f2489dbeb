// The checkpoint: a file that describes itself. Nothing in it is ever executed,
// and a digest over every byte is verified before it is parsed.
//
// It is a safetensors file (8-byte little-endian header length, JSON header,
// raw tensors), whose last tensor "sha256", uint8 [32], is the SHA-256 of all
// bytes before it. Any safetensors reader opens it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "models/networks/classifier.h"
#include "models/spec.h"

namespace digitorch {

/// The version of the contents' meaning. It is raised when that changes; files
/// of older versions stay readable.
inline constexpr int kCheckpointVersion = 1;

/// A bound for what is read from disk, far more than any network here needs.
inline constexpr size_t kMaxCheckpointBytes = size_t{4} << 30;

struct Checkpoint {
  ModelSpec spec;
  std::vector<std::string> class_names;  ///< spec.classes of them.
  /// The weights to classify with, under the names of state_dict: the moving
  /// average of the weights where there is one.
  NamedTensors weights;
  nlohmann::json metrics = nlohmann::json::object();

  /// The state of the optimiser, of the generators and of the epoch, with which
  /// training goes on. Their names in the file start with "training."; there
  /// are none in a network that is only to be used.
  NamedTensors training_tensors;
  nlohmann::json training_state;  ///< null where there is none.
};

/// The checkpoint as the bytes of a file. Throws std::runtime_error where a
/// weight is not finite.
std::string encode(const Checkpoint&);

/// The checkpoint in a file's bytes. Throws std::runtime_error
/// "<name>: <what was found>; expected <what>" for bytes that are damaged, cut,
/// of a newer version or no checkpoint.
Checkpoint decode_checkpoint(std::string_view bytes, const std::string& name);

/// Throws std::runtime_error naming `where` and the weight where a number is
/// not finite.
void check_finite(const NamedTensors& weights, const std::string& where);

/// A network with the checkpoint's weights, in evaluation mode, on the CPU.
/// Throws std::runtime_error naming `name` where the spec and the weights do
/// not make one.
std::unique_ptr<Classifier> restore(const Checkpoint&, const std::string& name);

}  // namespace digitorch
