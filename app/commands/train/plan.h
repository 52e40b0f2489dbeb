// Which run `digitorch train` is to do: a new one, one made of an earlier one's
// configuration, or one that goes on.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "app/commands/train/settings.h"
#include "app/training/run_folder.h"

namespace digitorch {

/// Options of `train` that belong to this call, not to the run.
struct CallOptions {
  std::string config;
  std::string preset;
  std::string resume;
  bool allow_changes = false;
  std::string runs_dir = "runs";
  std::string run_dir;
  bool report = false;
  OutputOptions output;
};

std::vector<OptionGroup> groups(CallOptions&);

/// A run that goes on: its folder, held, and its checkpoint.
struct Resumed {
  RunFolder folder;
  RunFolder::Loaded from;
};

/// A run about to be trained.
struct Plan {
  TrainSettings settings;
  std::string preset;
  std::string data_digest;  ///< Expected; empty: any.
  NewFolder folder;         ///< Of a new run, or the one that goes on.
  std::optional<Resumed> resumed;
};

/// Lays the options typed over those of the run or configuration they name.
/// Reads and locks a run that goes on; of a new one nothing is written yet.
/// Throws std::runtime_error for options that do not fit.
Plan make_plan(const CallOptions&, const Arguments&);

/// The result of a run that has nothing left to do.
std::optional<nlohmann::json> complete_result(const Plan&);

}  // namespace digitorch
