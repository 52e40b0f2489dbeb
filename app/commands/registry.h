// The table of commands: the one list of what the program can do.
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
Command bench_command();
Command doctor_command();
Command completion_command();

/// All of them, in the order in which --help lists them.
std::vector<Command> all_commands();

/// Finds and runs the command that the words after the program's name ask for.
/// Returns the exit code; throws what the command throws.
int run_program(const std::vector<std::string>& words);

}  // namespace digitorch
