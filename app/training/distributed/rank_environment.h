// The place of this process among the ranks of a run, as torchrun and other
// launchers give it in environment variables.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace digitorch {

struct RankEnvironment {
  int rank = 0;                ///< RANK, 0 .. size - 1.
  int size = 1;                ///< WORLD_SIZE.
  int local_rank = 0;          ///< LOCAL_RANK: counted on this machine.
  std::string master_address;  ///< MASTER_ADDR: where the ranks' store is.
  uint16_t master_port = 0;    ///< MASTER_PORT.
  /// TORCHELASTIC_USE_AGENT_STORE: the launcher serves the store, rather than
  /// rank 0.
  bool launcher_has_store = false;
  /// TORCHELASTIC_RESTART_COUNT: how often the launcher has started all ranks
  /// again after one of them failed.
  int restarts = 0;
};

/// The value of an environment variable.
using Variables =
    std::function<std::optional<std::string>(const std::string& name)>;

/// The variables of this process.
std::optional<std::string> variable(const std::string& name);

/// Returns nothing where none of the first five variables is set: then this
/// process is alone. Throws std::runtime_error naming the variable where some
/// of them are missing or one does not fit.
std::optional<RankEnvironment> rank_environment(
    const Variables& variables = variable
);

}  // namespace digitorch
