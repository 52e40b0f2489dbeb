// What a run did, epoch by epoch.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace digitorch {

/// One finished epoch.
struct EpochReport {
  int64_t epoch = 0;  ///< From 1.
  double lr = 0;      ///< Of the last step.
  double train_loss = 0;
  double train_accuracy = 0;  ///< While learning: augmented, with dropout.
  std::optional<double> validation_loss;
  std::optional<double> validation_accuracy;
  double seconds = 0;  ///< Of the training steps, without validation.
  int64_t samples = 0;
};

/// By validation accuracy, then by validation loss; without validation the
/// later one, `a`, is better.
bool better(const EpochReport& a, const EpochReport& b);

nlohmann::json to_json(const EpochReport&);

/// Throws nlohmann::json::exception for anything else than to_json() made.
EpochReport epoch_report(const nlohmann::json&);

/// metrics.csv: a heading, then a row an epoch.
std::string to_csv(const std::vector<EpochReport>&);

}  // namespace digitorch
