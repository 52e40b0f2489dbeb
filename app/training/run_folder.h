// The folder of one training run: its configuration, history and checkpoints.
//
//   config.json           everything needed to repeat the run
//   metrics.csv           a row for each epoch
//   steps.csv             a row for every 50 steps
//   last.safetensors      the state after the last finished epoch, or where the
//                         run was stopped
//   previous.safetensors  the one before, for the case that last is damaged
//   best.safetensors      the weights of the best epoch: the model to use
//   start.safetensors     the network that the run began with, where --model
//                         named one
//   result.json           written once the run is complete
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/system/work_folder.h"
#include "app/training/trainer.h"
#include "models/files/checkpoint.h"

namespace digitorch {

/// What every checkpoint of a run says about the run.
struct RunIdentity {
  ModelSpec spec;
  std::vector<std::string> class_names;
  nlohmann::json config;  ///< As in config.json.
};

/// The names of files by which a folder of a run or of a sweep is known.
const std::vector<std::string>& names_of_work();

/// Whether a run began in the folder and ended before anything of it was saved.
bool is_unsaved_run(const std::filesystem::path& folder);

/// Whether the folder of a run has a checkpoint to go on from, damaged or not.
bool has_checkpoint(const std::filesystem::path& folder);

/// The file of the checkpoint that a run began with, which may not exist.
std::filesystem::path start_file(const std::filesystem::path& folder);

class RunFolder {
 public:
  /// Makes the folder of a new run and locks it: see WorkFolder::create(). An
  /// unsaved run is no earlier work.
  static RunFolder create(const NewFolder&);

  /// Locks the folder of an existing run: see WorkFolder::open(). Throws
  /// std::runtime_error where there is no folder.
  static RunFolder open(const std::filesystem::path&);

  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path best() const;

  /// The configuration in config.json.
  nlohmann::json config() const;

  /// Keeps the bytes of the checkpoint that the run begins with.
  void write_start(std::string_view checkpoint) const;
  void write_config(const nlohmann::json&) const;
  void write_result(const nlohmann::json&) const;
  /// The content of result.json, none before the run is complete. Throws
  /// std::runtime_error where it is not as check_run_result() asks.
  std::optional<nlohmann::json> result() const;

  /// Writes metrics.csv, steps.csv and last.safetensors, and best.safetensors
  /// where the last epoch is the best: whoever has the best has a last one.
  void save(const Trainer&, const RunIdentity&) const;

  /// Writes best.safetensors, with `more_metrics` beside those of the history.
  void save_best(
      const Trainer&,
      const RunIdentity&,
      const nlohmann::json& more_metrics = nlohmann::json::object()
  ) const;

  struct Loaded {
    Checkpoint checkpoint;
    std::string file;  ///< The path it was read from.
  };
  /// The checkpoint to go on from. With `fall_back`, previous.safetensors takes
  /// the place of a last.safetensors that is damaged or missing, and `warnings`
  /// says so. Throws std::runtime_error where none can be read.
  Loaded load_last(bool fall_back, std::vector<std::string>& warnings) const;

 private:
  explicit RunFolder(WorkFolder folder) : folder_(std::move(folder)) {}

  WorkFolder folder_;
};

/// The content of a JSON file, by parse_strict(). Throws std::runtime_error
/// naming the file.
nlohmann::json read_json(const std::filesystem::path&);

/// The run to go on with where none is named, and why.
struct NewestRun {
  std::filesystem::path folder;
  std::string note;  ///< Which it is, and which newer ones it passes over.
};

/// The run below `parent` whose last.safetensors is the newest, else the newest
/// of which nothing was saved; none where there is no run.
std::optional<NewestRun> newest_run(const std::filesystem::path& parent);

}  // namespace digitorch
