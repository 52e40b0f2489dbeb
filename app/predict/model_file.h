// Opening a model: a file that --model names, or the network that ships inside
// the program.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/files/checkpoint.h"

namespace digitorch {

/// The name of the network inside the program.
inline constexpr const char* kShippedName = "shipped";

/// A network that is ready to classify.
struct LoadedModel {
  std::unique_ptr<Classifier> classifier;  ///< In evaluation mode, on the CPU.
  std::vector<std::string> class_names;
  std::string name;    ///< The file, or kShippedName.
  std::string digest;  ///< SHA-256 of the file, in hex.
  /// The configuration of the run that trained it, as in config.json; null
  /// where that is unknown.
  nlohmann::json config = nullptr;
};

/// A network together with the checkpoint file that it came from.
struct LoadedCheckpoint : LoadedModel {
  Checkpoint checkpoint;
  std::string bytes;  ///< The file's content.
};

/// The file of a model that a user names: of the folder of a run its
/// best.safetensors, otherwise the name itself. Throws std::runtime_error for a
/// folder without it.
std::string model_file(const std::string& named);

/// Opens a checkpoint file or the best one of a run's folder; an empty name
/// opens the shipped network. Throws std::runtime_error for the name of a kind
/// of network, which has no weights, and for a missing or damaged file.
LoadedCheckpoint load_checkpoint(const std::string& named);

/// Opens a checkpoint or, with `trust_torchscript`, a TorchScript file, WHOSE
/// CODE IS RUN. class_names: of a TorchScript file, which may lack them; empty
/// for its own. Throws std::runtime_error for TorchScript without trust, for a
/// checkpoint with class_names, and as load_checkpoint() does.
LoadedModel load_model(
    const std::string& named,
    bool trust_torchscript,
    const std::vector<std::string>& class_names = {}
);

/// Reads and verifies a checkpoint file, or the best one of a run's folder,
/// without making its network.
Checkpoint read_checkpoint(const std::filesystem::path& named);

/// The configuration of the run that wrote the checkpoint called `name`, as in
/// config.json; null where it has none. Throws std::runtime_error where it is
/// not as check_run_config() asks.
nlohmann::json run_config(const Checkpoint&, const std::string& name);

}  // namespace digitorch
