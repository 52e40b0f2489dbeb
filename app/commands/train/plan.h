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
  bool tensorboard = false;
  int64_t processes = 1;       ///< To start on this machine.
  int64_t rank_timeout = 120;  ///< Seconds.
  OutputOptions output;
};

std::vector<OptionGroup> groups(CallOptions&);

/// The name of a folder for new work: the present local time, then `what`.
std::string dated_name(const std::string& what);

/// A run that is about to be trained.
struct Plan {
  TrainSettings settings;
  std::string preset;
  std::string data_digest;  ///< The data's SHA-256; empty: any data.
  NewFolder folder;         ///< To create, or the folder of a run to continue.
  std::string origin;  ///< Of the run that the options come from: see origin.h.
  /// The checkpoint to begin with, as a path from here; empty: none.
  std::string start;
  std::optional<RunFolder> opened;  ///< Of a run to continue, locked.
  /// The checkpoint to go on from; none where nothing of the run was saved.
  std::optional<RunFolder::Loaded> from;
  bool is_complete = false;  ///< Whether nothing is left to do.
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

/// As resolve(), where the configuration's --model, if it names a checkpoint
/// rather than a kind of network, stands for the network in the file
/// `checkpoint`, wherever the one that it names is now.
TrainSettings resolve_continued(OptionSources, const std::string& checkpoint);

/// The result of a run that has nothing left to do; none for other runs.
std::optional<nlohmann::json> complete_result(const Plan&);

}  // namespace digitorch
