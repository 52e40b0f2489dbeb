// A sweep and its folder:
//
//   sweep.json         the plan and every finished run, to continue from
//   runs.csv           a row for each run, written as it ends
//   best.safetensors   the network of the best run so far
//   sweep.png, .svg    the result as a picture, written at the end
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
  bool diverged = false;  ///< The members below are 0 then.
  int64_t best_epoch = 0;
  double validation_accuracy = 0;  ///< In the best epoch, 0..1.
  double validation_loss = 0;      ///< In the best epoch.
  double train_accuracy = 0;       ///< In the best epoch, 0..1.
  double seconds = 0;              ///< Duration of all training steps.
};

struct Sweep {
  SweepPlan plan;
  std::string data_sha256;
  std::string origin;                   ///< See train/origin.h.
  std::vector<SweepRun> runs;           ///< In the order of points(plan).
  std::optional<double> test_accuracy;  ///< Of the best run, once scored.
  int64_t test_samples = 0;
};

/// The numbers of the runs, by falling validation accuracy, then by rising
/// validation loss, then in their order; diverged runs come last.
std::vector<size_t> ranking(const Sweep&);

/// The first run of the ranking; none where every run diverged.
std::optional<size_t> best_run(const Sweep&);

/// {"options": {...}, "validation_accuracy", ...}.
nlohmann::json to_json(const SweepPlan&, const SweepRun&);

/// A heading, then a row for each run.
std::string to_csv(const Sweep&);

class SweepFolder {
 public:
  /// Creates and locks the folder of a new sweep: see WorkFolder::create().
  static SweepFolder create(const NewFolder&);

  /// Locks the folder of an existing sweep: see WorkFolder::open(). Throws
  /// std::runtime_error where there is no sweep.
  static SweepFolder open(const std::filesystem::path&);

  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path best() const;

  /// Reads sweep.json. Throws std::runtime_error where it is damaged.
  Sweep load() const;
  /// Writes sweep.json and runs.csv.
  void save(const Sweep&) const;

  void save_best(const Classifier&, const RunIdentity&, const SweepRun&) const;

 private:
  explicit SweepFolder(WorkFolder folder) : folder_(std::move(folder)) {}

  WorkFolder folder_;
};

}  // namespace digitorch
