// Runs a program as a user's shell would and tells how it ended: for tests of
// the real binary. Never hangs: what outlives its time limit is killed.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace digitorch::testing {

struct RunOptions {
  std::string stdin_text;
  std::filesystem::path working_dir;  ///< Empty: the test's own.
  /// Added to the test's environment, or replacing what is there.
  std::map<std::string, std::string> environment;
  std::chrono::milliseconds timeout = std::chrono::seconds(60);
  /// Signal sent so long after the start, each in turn.
  std::vector<std::pair<std::chrono::milliseconds, int>> signals;
  /// Sent once this text is in stdout or stderr; 0 for none.
  std::string signal_at_text;
  int signal_to_send_at_text = 0;
  bool stdout_closed = false;    ///< A pipe whose reader has gone.
  std::map<int, rlim_t> limits;  ///< RLIMIT_* -> soft and hard limit.
  std::optional<uid_t> user;     ///< Run as this user; only root can.
};

struct ProcessResult {
  int exit_code = -1;  ///< -1 where a signal ended it.
  int signal = 0;      ///< The signal that ended it, or 0.
  bool timed_out = false;
  std::string out;
  std::string err;
  /// Largest resident memory; Linux never tells less than the test's own.
  int64_t peak_bytes = 0;
  double seconds = 0;
  double cpu_seconds = 0;  ///< Of all its threads, also in the system.
};

/// argv[0] is a path. Throws std::system_error where it cannot be started.
ProcessResult run(const std::vector<std::string>& argv, const RunOptions& = {});

}  // namespace digitorch::testing
