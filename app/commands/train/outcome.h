// How a training ends: its score on the test set, its result and its report.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "app/cli/option_groups.h"
#include "app/commands/train/event_log.h"
#include "app/training/run_folder.h"
#include "app/training/trainer.h"
#include "datasets/image_set.h"

namespace digitorch {

/// Scores the weights of the best epoch on the test set, once, and completes
/// the folder; `events`, where not null, records the score. Returns the content
/// of result.json, or nothing where the user interrupted it. Throws
/// DivergedError where the answers are not numbers.
std::optional<nlohmann::json> finish_run(
    const RunFolder&,
    const RunIdentity&,
    Classifier&,
    const Trainer&,
    const ImageSet& test,
    double load_seconds,
    EventLog* events
);

/// Writes the report of a finished run, whose best weights the network has, and
/// returns its path.
std::string write_report_of_run(
    const RunFolder&,
    const RunIdentity&,
    Classifier&,
    const Trainer&,
    const DataSet& data
);

/// Prints the result on standard output.
void print_result(const nlohmann::json& result, const OutputOptions&);

}  // namespace digitorch
