// Copies of this program that run side by side on this machine.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace digitorch {

/// Environment variables with their values.
using AddedVariables = std::vector<std::pair<std::string, std::string>>;

/// Divides `threads` among so many copies, by OMP_NUM_THREADS, unless the
/// environment has it already.
void share_threads(AddedVariables&, int64_t threads, int64_t copies);

struct CopiesOptions {
  /// Whether they do one work together: where one of them fails, the others
  /// have ten seconds to notice and end, then they are killed.
  bool end_together = true;
};

struct CopiesResult {
  /// That of the first copy that failed; 3 where only signals ended copies; 0.
  int exit_code = 0;
  /// What no copy could say: which of them a signal ended. Empty where one of
  /// them failed by itself.
  std::string line;
};

/// Starts this program again with its own command line, once for each of
/// `copies`, with these variables added to the environment, and waits until all
/// have ended. An interrupt of this process, which has to watch for interrupts,
/// is passed on to them; they are not stopped by a key of the terminal
/// otherwise. Throws std::system_error where they cannot be started.
CopiesResult run_copies(
    const std::vector<AddedVariables>& copies, const CopiesOptions& = {}
);

/// Where run_copies() has started this process, it gets SIGTERM from now on
/// when the process that started it ends.
void end_with_starter();

}  // namespace digitorch
