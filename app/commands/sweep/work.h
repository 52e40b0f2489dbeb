// The points of a sweep, trained by one process or by several side by side.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/commands/sweep/folder.h"
#include "app/commands/sweep/run.h"

namespace digitorch {

/// What all runs of a process share.
struct SweepWork {
  SweepParts parts;
  std::string data_sha256;
  torch::Device device;
  std::string shard;  ///< See order_of_shard().
  bool quiet;         ///< Says nothing of the runs.
};

/// Trains points until none is left that nobody has done or does. Returns false
/// where the user interrupted it.
bool work_on(const SweepFolder&, const SweepWork&);

/// Has so many copies of this program work in the folder, and returns the exit
/// code of the first that failed, or 0. A copy that is killed leaves its point
/// to the others.
int work_in_processes(const SweepFolder&, int64_t processes);

/// In such a copy, the folder that it is to work in.
std::optional<std::filesystem::path> folder_of_copies();

}  // namespace digitorch
