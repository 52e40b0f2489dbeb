// --model of the commands that use a network: a checkpoint file, or the network
// that ships inside the program.
#pragma once

#include <filesystem>
#include <string>

#include "models/checkpoint.h"

namespace digitorch {

/// Reads and verifies a checkpoint file.
Checkpoint read_checkpoint(const std::filesystem::path&);

struct OpenedModel {
  Checkpoint checkpoint;
  std::string bytes;  ///< Of its file.
  std::string name;   ///< The file, or "shipped".
};

/// Empty text opens the shipped network. Throws std::runtime_error for a kind
/// of network without weights, a missing or a damaged file.
OpenedModel open_model(const std::string& text);

}  // namespace digitorch
