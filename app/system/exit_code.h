// The exit codes, and the one place that turns any exception into one of them
// and a line for the user.
#pragma once

#include <string>

namespace digitorch {

inline constexpr int kExitDone = 0;
inline constexpr int kExitBug = 1;          ///< This program is at fault.
inline constexpr int kExitBadInput = 2;     ///< Arguments or file contents.
inline constexpr int kExitEnvironment = 3;  ///< Device, disk, permission, lock.
inline constexpr int kExitDiverged = 4;     ///< Training became non-finite.
inline constexpr int kExitBelowAsked = 5;   ///< Such as --min-accuracy.

/// To be called inside a catch block. Returns the exit code of the exception
/// being handled and sets `message` to one line without control characters
/// that says what happened:
///   EnvironmentError, std::system_error, out of memory, a lost device -> 3;
///   DivergedError -> 4; any other std::runtime_error -> 2; the rest -> 1,
///   worded as a fault of this program.
int exit_code_for_current_exception(std::string& message);

}  // namespace digitorch
