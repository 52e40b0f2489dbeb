// The records of a run: one for each epoch, and one for every 50 steps.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/files/checkpoint.h"
#include "models/options/json_reader.h"

namespace digitorch {

/// One finished epoch.
struct EpochReport {
  int64_t epoch = 0;      ///< Counted from 1.
  double lr = 0;          ///< The learning rate of its last step.
  double train_loss = 0;  ///< Mean over its pictures, while they trained.
  /// With augmentation and dropout, 0..1. Of mixtures of two pictures, the part
  /// that is answered by the class of the larger one.
  double train_accuracy = 0;
  /// Mean over the validation part, of the loss that training minimises.
  std::optional<double> validation_loss;
  std::optional<double> validation_accuracy;  ///< 0..1.
  double seconds = 0;   ///< Time of the training steps alone; 0 where unknown.
  int64_t samples = 0;  ///< Pictures trained with.
};

/// The steps from one record to the next.
struct StepRecord {
  int64_t step = 0;  ///< The last of them, counted from 1 over the whole run.
  double epoch = 0;  ///< The same in epochs: 0.5 is half of the first epoch.
  double loss = 0;   ///< Mean over their pictures.
  double accuracy = 0;  ///< The part classified correctly, 0..1.
};

/// Whether `a` has the higher validation accuracy, or the same and a lower
/// validation loss. Without validation `a`, the later one, is better.
bool better(const EpochReport& a, const EpochReport& b);

nlohmann::json to_json(const EpochReport&);

/// Throws std::runtime_error for JSON of another form than to_json() makes.
EpochReport epoch_report(const JsonReader&);

/// The epochs of a list under "history", each with the number of its place.
/// Throws std::runtime_error for JSON of another form.
std::vector<EpochReport> epoch_reports(const JsonReader& list);

/// float64 [records, 4], a short form for checkpoints.
torch::Tensor to_tensor(const std::vector<StepRecord>&);
/// Throws std::runtime_error naming `where` for a tensor of another form than
/// to_tensor() makes.
std::vector<StepRecord> step_records(
    const torch::Tensor&, const std::string& where
);

/// The content of metrics.csv: a heading and a row for each epoch.
std::string to_csv(const std::vector<EpochReport>&);

/// The content of steps.csv: a heading and a row for each record.
std::string to_csv(const std::vector<StepRecord>&);

/// The name that the tensor of step records has in a checkpoint.
inline constexpr const char* kStepRecords = "steps";

/// The records in the checkpoint of a run.
struct History {
  std::vector<EpochReport> epochs;
  std::vector<StepRecord> steps;
};

/// The history is empty for a model that no run of this program made. Throws
/// std::runtime_error naming `where` for a history that cannot be read.
History history_of(const Checkpoint&, const std::string& where);

}  // namespace digitorch
