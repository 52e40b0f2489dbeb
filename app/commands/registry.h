// The commands that compute. Those that print alone are in app/front.
#pragma once

#include <vector>

#include "app/cli/command.h"

namespace digitorch {

Command train_command();
Command sweep_command();
Command eval_command();
Command report_command();
Command visualize_command();
Command backprop_command();
Command gradients_command();
Command classify_command();
Command export_command();
Command import_command();
Command samples_command();
Command serve_command();
Command bench_command();
Command doctor_command();

/// All of them, in the order of --help.
std::vector<Command> computing_commands();

}  // namespace digitorch
