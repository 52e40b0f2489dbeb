// --model of the commands that use a network: a checkpoint file, or the network
// that ships inside the program.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "models/files/checkpoint.h"

namespace digitorch {

/// Reads and verifies a checkpoint file.
Checkpoint read_checkpoint(const std::filesystem::path&);

struct OpenedModel {
  Checkpoint checkpoint;
  std::string bytes;  ///< Of its file.
  std::string name;   ///< The file, or "shipped".
};

/// A network ready to classify with, whatever file it came from.
struct UsableModel {
  std::unique_ptr<Classifier> classifier;  ///< In evaluation mode, on the CPU.
  std::vector<std::string> class_names;
  std::string name;  ///< The file, or "shipped".
  /// SHA-256 of what it was trained on, as data_digest() gives it; empty where
  /// that is unknown.
  std::string trained_on;
};

/// As open_model; with `trust_torchscript` also TorchScript files, WHOSE CODE
/// IS RUN. Throws std::runtime_error for those without it.
UsableModel load_model(const std::string& text, bool trust_torchscript);

/// Empty text opens the shipped network. Throws std::runtime_error for a kind
/// of network without weights, a missing or a damaged file.
OpenedModel open_model(const std::string& text);

}  // namespace digitorch
