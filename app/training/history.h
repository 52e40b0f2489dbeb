// What a run did, epoch by epoch.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/files/checkpoint.h"

namespace digitorch {

/// One finished epoch.
struct EpochReport {
  int64_t epoch = 0;  ///< From 1.
  double lr = 0;      ///< Of the last step.
  double train_loss = 0;
  double train_accuracy = 0;  ///< While learning: augmented, with dropout.
  std::optional<double> validation_loss;  ///< Of the kind that is minimised.
  std::optional<double> validation_accuracy;
  double seconds = 0;  ///< Of the training steps alone; 0 where not kept.
  int64_t samples = 0;
};

/// The steps between two looks at the loss: finer than an epoch.
struct StepRecord {
  int64_t step = 0;  ///< The last of them, counted from 1 over the whole run.
  double epoch = 0;  ///< The same in epochs: 0.5 is half of the first.
  double loss = 0;   ///< Mean over their pictures.
  double accuracy = 0;
};

/// By validation accuracy, then by validation loss; without validation the
/// later one, `a`, is better.
bool better(const EpochReport& a, const EpochReport& b);

nlohmann::json to_json(const EpochReport&);

/// Throws nlohmann::json::exception for anything else than to_json() made.
EpochReport epoch_report(const nlohmann::json&);

/// float64 [records, 4], which a checkpoint holds in little room; and back.
/// Throws std::runtime_error for a tensor of another form.
torch::Tensor to_tensor(const std::vector<StepRecord>&);
std::vector<StepRecord> step_records(const torch::Tensor&);

/// metrics.csv: a heading, then a row an epoch.
std::string to_csv(const std::vector<EpochReport>&);

/// Under this name a checkpoint's training tensors hold the records of steps.
inline constexpr const char* kStepRecords = "steps";

/// What a run's checkpoint tells of its training.
struct History {
  std::vector<EpochReport> epochs;
  std::vector<StepRecord> steps;
};

/// Empty for a model that no run of this program made. Throws
/// std::runtime_error naming `where` for a history that cannot be read.
History history_of(const Checkpoint&, const std::string& where);

/// steps.csv: a heading, then a row a record.
std::string to_csv(const std::vector<StepRecord>&);

}  // namespace digitorch
