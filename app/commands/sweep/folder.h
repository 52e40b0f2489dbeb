// A sweep and its folder:
//
//   sweep.json         the plan and every finished run: where to go on from
//   runs.csv           a row a run, written as each ends
//   best.safetensors   the network of the best run so far
//   sweep.png, .svg    the result as a picture, at the end
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/commands/sweep/plan.h"
#include "app/system/work_folder.h"
#include "app/training/run_folder.h"
#include "models/files/checkpoint.h"

namespace digitorch {

/// One finished training of a sweep.
struct SweepRun {
  SweepPoint point;
  bool diverged = false;  ///< The rest is 0 then.
  int64_t best_epoch = 0;
  double validation_accuracy = 0;  ///< Of the best epoch, as the next three.
  double validation_loss = 0;
  double train_accuracy = 0;
  double seconds = 0;  ///< Of all its training steps.
};

struct Sweep {
  SweepPlan plan;
  std::string data_sha256;
  std::vector<SweepRun> runs;           ///< In the order of points(plan).
  std::optional<double> test_accuracy;  ///< Of the winner, once it is scored.
  int64_t test_samples = 0;
};

/// Runs from the best validation accuracy down, the lower loss first among
/// equals, the earlier one first among those; diverged ones last.
std::vector<size_t> ranking(const Sweep&);

/// The first of the ranking; none where no run ended well.
std::optional<size_t> best_run(const Sweep&);

/// {"options": {...}, "validation_accuracy", ...}.
nlohmann::json to_json(const SweepPlan&, const SweepRun&);

/// A heading, then a row a run.
std::string to_csv(const Sweep&);

class SweepFolder {
 public:
  /// Makes the folder of a new sweep and locks it: see WorkFolder::create().
  static SweepFolder create(const NewFolder&);

  /// Locks the folder of an existing sweep: see WorkFolder::open(). Throws
  /// std::runtime_error where there is no sweep.
  static SweepFolder open(const std::filesystem::path&);

  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path best() const;

  /// Throws std::runtime_error for a sweep.json that is damaged.
  Sweep load() const;
  /// Writes sweep.json and runs.csv.
  void save(const Sweep&) const;

  void save_best(const Classifier&, const RunIdentity&, const SweepRun&) const;
  Checkpoint load_best() const;

 private:
  explicit SweepFolder(WorkFolder folder) : folder_(std::move(folder)) {}

  WorkFolder folder_;
};

}  // namespace digitorch
