// Scripts that complete command lines in a shell, made from the commands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command.h"

namespace digitorch {

/// A shell that completion is made for.
struct Shell {
  std::string_view name;
  /// How its users load the script, as they type it.
  std::string_view use;
  /// A script that completes commands, options, and their values: choices,
  /// files and folders; with descriptions where the shell shows any.
  std::string (*script)(const std::vector<Command>&);
};

/// All shells, in the order in which the help names them.
const std::vector<Shell>& shells();

}  // namespace digitorch
