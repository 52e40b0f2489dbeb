// The data that a command reads for a trained network.
#pragma once

#include "app/cli/command.h"
#include "app/cli/option_groups.h"
#include "app/predict/model_file.h"

namespace digitorch {

/// The data that a command reads: those that --data names, else those of the
/// run that made the model, with the other options typed laid over its own.
/// Where no run is known, and for the network inside the program, only the
/// options typed differ from the defaults.
DataOptions data_of(const LoadedModel& model, const Arguments& typed);

/// Where they lie: relative paths of a run are found from where it began, too.
/// Throws std::runtime_error naming both places for a folder that is in
/// neither.
DataLocation location_of(const LoadedModel& model, const DataOptions& data);

}  // namespace digitorch
