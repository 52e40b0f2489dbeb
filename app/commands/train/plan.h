// Which run `digitorch train` is to do: a new one, a repetition of an earlier
// one, or the continuation of one that was stopped.
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

/// The options of `train` that belong to this call rather than to the run.
struct CallOptions {
  std::string config;
  std::string preset;
  std::string resume;
  bool allow_changes = false;
  std::string runs_dir = "runs";
  std::string run_dir;
  bool report = false;
  int64_t processes = 1;       ///< To start on this machine.
  int64_t rank_timeout = 120;  ///< Seconds.
  OutputOptions output;
};

std::vector<OptionGroup> groups(CallOptions&);

/// A run that is about to be trained.
struct Plan {
  TrainSettings settings;
  std::string preset;
  std::string data_digest;  ///< The data's SHA-256; empty: any data.
  NewFolder folder;         ///< To create, or the folder of a run to continue.
  /// The folder, locked, where it is there already.
  std::optional<RunFolder> opened;
  std::optional<RunFolder::Loaded> from;  ///< Of a run to continue.
  bool is_complete = false;               ///< Whether nothing is left to do.
};

/// Resolves the options of the run. Reads and locks the folder of a run to
/// continue, and writes nothing for a new one. Throws std::runtime_error for
/// options that do not fit.
Plan make_plan(const CallOptions&, const std::vector<GivenOption>& typed);

/// The plan of a run whose ranks have been started again: it goes on from the
/// last checkpoint in the folder, or begins anew there if there is none yet.
Plan plan_restarted_run(
    const std::filesystem::path& folder,
    const CallOptions&,
    const std::vector<GivenOption>& typed
);

/// The result of a run that has nothing left to do; none for other runs.
std::optional<nlohmann::json> complete_result(const Plan&);

}  // namespace digitorch
