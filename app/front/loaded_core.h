// The core, loaded when it is needed.
#pragma once

#include <string>
#include <vector>

namespace digitorch {

/// Loads the core, and with it LibTorch and OpenCV, and runs the command there:
/// see core.h. `words` are those after the program's name. Throws
/// EnvironmentError where the core is not found or cannot be loaded, and for a
/// variable in the environment that LibTorch or OpenCV could not read.
int run_in_core(const std::vector<std::string>& words);

/// Loads the core. The commands that it runs, as commands_from_json() takes
/// them. Throws as run_in_core().
std::string commands_of_core();

}  // namespace digitorch
