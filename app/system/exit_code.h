// The exit codes, and the one function that turns any exception into an exit
// code and a line for the user.
#pragma once

#include <string>

namespace digitorch {

inline constexpr int kExitDone = 0;
inline constexpr int kExitBug = 1;          ///< A fault of this program.
inline constexpr int kExitBadInput = 2;     ///< Wrong arguments or contents.
inline constexpr int kExitEnvironment = 3;  ///< Device, disk, permission, lock.
inline constexpr int kExitDiverged = 4;     ///< Numbers are no longer finite.
inline constexpr int kExitBelowAsked = 5;   ///< An answer, or an exported file.

/// To be called inside a catch block. Returns the exit code of the exception
/// that is being handled, and sets `message` to one line without control
/// characters that says what happened:
///   EnvironmentError, std::system_error, exhausted memory, a lost device: 3
///   DivergedError: 4
///   any other std::runtime_error: 2
///   everything else: 1, and the line calls it a fault of this program
int exit_code_for_current_exception(std::string& message);

}  // namespace digitorch
