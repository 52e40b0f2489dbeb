// The list of all commands.
#pragma once

#include <string>
#include <vector>

#include "app/cli/command.h"

namespace digitorch {

Command train_command();
Command sweep_command();
Command eval_command();
Command report_command();
Command visualize_command();
Command gradients_command();
Command classify_command();
Command export_command();
Command samples_command();
Command serve_command();
Command bench_command();
Command doctor_command();
Command completion_command();
Command manual_command();
Command help_command();
Command version_command();

/// All commands, in the order of --help.
std::vector<Command> all_commands();

/// Throws std::runtime_error for a name that none has, with the one that was
/// probably meant.
const Command& command_named(
    const std::vector<Command>&, const std::string& name
);

/// Runs the command that the words after the program's name ask for, and
/// returns its exit code. Throws what the command throws, and
/// std::runtime_error for an unknown command.
int run_program(const std::vector<std::string>& words);

}  // namespace digitorch
