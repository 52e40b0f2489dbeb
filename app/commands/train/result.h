// What a run ended with: its result.json, its score on the test set, and what
// `train` prints of it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "app/cli/option_groups.h"
#include "app/training/run_folder.h"
#include "app/training/trainer.h"
#include "datasets/image_set.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// A run whose training has ended.
struct TrainedRun {
  const RunFolder& folder;
  const RunIdentity& identity;
  Classifier& model;
  const Trainer& trainer;
  const ImageSet& test;
};

struct FinishOptions {
  double load_seconds = 0;  ///< What reading the data took.
  bool report = false;      ///< Whether to write report.html.
};

/// Scores the weights of the best epoch, which `model` has from then on, on the
/// test set, once, and completes the folder. Returns the result.
nlohmann::json finish(const TrainedRun&, const FinishOptions&);

/// Prints a result on standard output.
void print_result(const nlohmann::json&, const OutputOptions&);

}  // namespace digitorch
