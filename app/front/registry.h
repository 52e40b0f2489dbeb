// The list of all commands.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/command.h"

namespace digitorch {

// The commands that compute nothing.
Command completion_command();
Command manual_command();
Command help_command();
Command version_command();

/// All commands, in the order of --help. Command::run is empty for those that
/// the core runs, which are here as commands_from_json() made them.
std::vector<Command> all_commands();

/// The command that was named to `reader`, such as "help", which takes one name
/// or none. Throws std::runtime_error for several, and for an unknown one.
std::optional<Command> chosen_command(
    const std::string& reader, const std::vector<std::string>& names
);

}  // namespace digitorch
