// The checkpoint: a passive, self-describing container. Nothing in it is ever
// executed, and a digest over every byte is verified before it is parsed.
//
// Layout: safetensors (8-byte little-endian header length, JSON header, raw
// tensors), whose last tensor "sha256", uint8 [32], is the SHA-256 of all bytes
// before it. Any safetensors reader opens it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "models/networks/classifier.h"
#include "models/spec.h"

namespace digitorch {

/// Raised when the meaning of the contents changes; older ones stay readable.
inline constexpr int kCheckpointVersion = 1;

/// Far more than any network here needs: a bound for what is read from disk.
inline constexpr size_t kMostCheckpointBytes = size_t{4} << 30;

struct Checkpoint {
  ModelSpec spec;
  std::vector<std::string> class_names;  ///< spec.classes of them.
  NamedTensors weights;  ///< What to classify with, by state_dict names.
  nlohmann::json metrics = nlohmann::json::object();

  /// What only the trainer needs to go on: optimiser, generators, position.
  /// Stored under names that start with "training."; empty in a model that is
  /// only to be used.
  NamedTensors training_tensors;
  nlohmann::json training_state;  ///< null where there is none.
};

/// The file's bytes. Throws std::runtime_error where a weight is not finite.
std::string encode(const Checkpoint&);

/// Throws std::runtime_error "<name>: <what was found>; expected <what>" for
/// bytes that are damaged, cut, of a newer version or not a checkpoint.
Checkpoint decode_checkpoint(std::string_view bytes, const std::string& name);

/// A network with the checkpoint's weights, in evaluation mode, on the CPU.
std::unique_ptr<Classifier> restore(const Checkpoint&, const std::string& name);

}  // namespace digitorch
