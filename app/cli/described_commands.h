// Commands as text: all that is said of them, without what they run. So a
// program can print their help that does not hold their code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command.h"

namespace digitorch {

/// All but Command::run and Field::set, and of defaults their text.
std::string commands_to_json(const std::vector<Command>&);

/// The commands that commands_to_json() was given. Their options can be shown
/// and parsed, but not set, and there is nothing to run.
std::vector<Command> commands_from_json(std::string_view json);

}  // namespace digitorch
