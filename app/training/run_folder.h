// The folder of one training run: its configuration, history and checkpoints.
//
//   config.json           everything needed to repeat the run
//   metrics.csv           a row an epoch
//   steps.csv             a row every 50 steps
//   last.safetensors      after the last finished epoch, or where it stopped
//   previous.safetensors  the one before it, should last ever be damaged
//   best.safetensors      the best epoch's weights: the model to use
//   result.json           once the run is complete
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/system/folder_lock.h"
#include "app/training/trainer.h"
#include "models/files/checkpoint.h"

namespace digitorch {

/// What every checkpoint of a run says about the run.
struct RunIdentity {
  ModelSpec spec;
  std::vector<std::string> class_names;
  nlohmann::json config;  ///< As in config.json.
};

class RunFolder {
 public:
  /// Makes a new run's folder and locks it. Throws std::runtime_error where it
  /// already holds a run, std::system_error where it cannot be written.
  static RunFolder create(const std::filesystem::path&);

  /// Locks an existing run's folder and removes what a killed writer left.
  /// Throws std::runtime_error where there is no run, EnvironmentError naming
  /// the process that holds it.
  static RunFolder open(const std::filesystem::path&);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path best() const { return path_ / "best.safetensors"; }

  void write_config(const nlohmann::json&) const;
  void write_result(const nlohmann::json&) const;
  std::optional<nlohmann::json> result() const;

  /// Writes last.safetensors, metrics.csv and steps.csv, and best.safetensors
  /// where the last epoch is the best.
  void save(const Trainer&, const RunIdentity&) const;

  /// Writes best.safetensors, with more metrics than the history has.
  void save_best(
      const Trainer&,
      const RunIdentity&,
      const nlohmann::json& more_metrics = nlohmann::json::object()
  ) const;

  struct Loaded {
    Checkpoint checkpoint;
    std::string file;  ///< Where it came from.
  };
  /// The checkpoint to go on from. With `fall_back`, a damaged or missing
  /// last.safetensors is replaced by previous.safetensors, and `warnings` says
  /// so. Throws std::runtime_error where none can be read.
  Loaded load_last(bool fall_back, std::vector<std::string>& warnings) const;

 private:
  RunFolder(std::filesystem::path path, FolderLock lock);

  std::filesystem::path path_;
  FolderLock lock_;
};

/// A JSON file's content. Throws std::runtime_error naming the file.
nlohmann::json read_json(const std::filesystem::path&);

/// `parent`/`stem`, with -2, -3, ... behind it while that exists.
std::filesystem::path unused_path(
    const std::filesystem::path& parent, const std::string& stem
);

/// The folder in `parent` whose last.safetensors is the newest, if any.
std::optional<std::filesystem::path> newest_run(
    const std::filesystem::path& parent
);

}  // namespace digitorch
