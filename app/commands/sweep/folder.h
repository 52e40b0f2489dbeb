// A sweep and its folder, in which any number of processes may work, on one
// machine or on several that share the folder:
//
//   sweep.json         the plan and every finished run, to continue from
//   runs.csv           a row for each run, written as it ends
//   best.safetensors   the network of the best run so far
//   sweep.png, .svg    the result as a picture, written at the end
//   points/N           locked by the process that trains point N
#pragma once

#include <filesystem>
#include <functional>
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
  size_t number = 0;  ///< The position of its point in points(plan).
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
  std::vector<SweepRun> runs;           ///< By their number.
  std::optional<double> test_accuracy;  ///< Of the best run, once scored.
  int64_t test_samples = 0;
};

/// The positions in `runs`, by falling validation accuracy, then by rising
/// validation loss, then in their order; diverged runs come last.
std::vector<size_t> ranking(const Sweep&);

/// The first run of the ranking; none where every run diverged.
std::optional<size_t> best_run(const Sweep&);

/// {"options": {...}, "validation_accuracy", ...}.
nlohmann::json to_json(const SweepPlan&, const SweepRun&);

/// A heading, then a row for each run.
std::string to_csv(const Sweep&);

/// A point that this process alone trains, as long as the object lives.
struct TakenPoint {
  size_t number;
  FolderLock lock;
};

class SweepFolder {
 public:
  /// Makes the folder of a new sweep: see WorkFolder::create().
  static SweepFolder create(const NewFolder&, const Sweep&);

  /// The same in a folder in which another process may have begun the same
  /// sweep. Throws std::runtime_error where there is another sweep or a run.
  static SweepFolder create_or_join(const std::filesystem::path&, const Sweep&);

  /// The folder of an existing sweep. Throws std::runtime_error where there is
  /// none.
  static SweepFolder open(const std::filesystem::path&);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path best() const;

  /// Reads sweep.json. Throws std::runtime_error where it is damaged.
  Sweep load() const;

  /// Takes the first point of `order` that is neither done nor being trained by
  /// another process. A process that is killed loses its point.
  std::optional<TakenPoint> take(const std::vector<size_t>& order) const;

  /// Adds a run that has ended, and keeps its network where it is the best so
  /// far. Returns the sweep as it is then.
  Sweep add(const SweepRun&, const Classifier*, const RunIdentity&) const;

  /// Changes the sweep while no other process does, and writes sweep.json and
  /// runs.csv. Returns the sweep as it is then. Throws EnvironmentError where
  /// another process changes it for a minute.
  Sweep update(const std::function<void(Sweep&)>& change) const;

  /// Removes points/, which nobody needs once all of them are done. To be
  /// called in update().
  void clean() const;

 private:
  explicit SweepFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace digitorch
