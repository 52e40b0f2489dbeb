// What computes, with LibTorch and OpenCV: a file of its own, which the program
// loads when a command needs it. These are its only visible functions.
#pragma once

#include <cstddef>

namespace digitorch {

inline constexpr const char* kCoreFile = "digitorch-core.so";
inline constexpr const char* kCoreRun = "digitorch_core_run";
inline constexpr const char* kCoreCommands = "digitorch_core_commands";

}  // namespace digitorch

extern "C" {

/// Runs the command that the first word names with the words after it, prints
/// one line on standard error for what it throws, and returns the exit code.
int digitorch_core_run(const char* const* words, std::size_t count) noexcept;

/// Its commands as commands_from_json() takes them. The text stays valid.
const char* digitorch_core_commands();

}  // extern "C"
