// What a trainer needs to go on exactly from where another one stopped, and its
// form in a checkpoint.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/training/history.h"
#include "app/training/loss_probe.h"
#include "models/networks/classifier.h"
#include "models/options/json_reader.h"

namespace digitorch {

/// Where a run stands and what it has achieved.
struct TrainerState {
  int64_t epoch = 0;            ///< Epochs finished.
  int64_t step = 0;             ///< Steps done of the epoch at hand.
  int64_t samples = 0;          ///< Pictures seen in the epoch at hand.
  double epoch_seconds = 0;     ///< Time that its training steps took.
  int64_t best_epoch = 0;       ///< From 1; 0 before any epoch ended.
  double best_temperature = 1;  ///< Which calibrates the best epoch's weights.
  std::vector<EpochReport> history;
};

/// A run's state with what its loss probe had seen.
struct SavedState {
  TrainerState run;
  LossSums seen;
};

/// The numbers of a checkpoint.
nlohmann::json to_json(const SavedState&);
/// Throws std::runtime_error for JSON of another form, and for numbers that
/// contradict each other. pictures: how many the data set has, which bounds
/// the steps and samples of an epoch.
SavedState saved_state(const JsonReader&, int64_t pictures);

/// Epochs finished, of the training state of a run.
int64_t epochs_done(const JsonReader& state);

/// Adds the tensors to `all`, each under its name behind the prefix.
void append(
    NamedTensors& all, const std::string& prefix, const NamedTensors& tensors
);

/// Copies of the tensors, with memory of their own.
NamedTensors clones(const NamedTensors& tensors);

/// The tensors whose names start with the prefix, under their names without it.
NamedTensors with_prefix(const NamedTensors& all, const std::string& prefix);

/// Throws std::runtime_error naming `where` where there is no such tensor.
const torch::Tensor& find(
    const NamedTensors& all, const std::string& name, const std::string& where
);

/// Copies the values of `saved` into the tensors of `live` that have the same
/// name. Throws std::runtime_error naming `where` for a tensor of `live` that
/// `saved` lacks or has in another shape or type.
void copy_into(
    const NamedTensors& live,
    const NamedTensors& saved,
    const std::string& where
);

}  // namespace digitorch
