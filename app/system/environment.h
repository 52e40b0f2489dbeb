// Variables of the environment that the libraries read without care.
#pragma once

namespace digitorch {

/// From now on an exception that nobody catches, as OpenCV's constructors throw
/// for bad variables before main() begins, ends the process in one line with
/// the exit code of the environment's faults.
void expect_bad_variables();

/// Ends what expect_bad_variables() began: later exceptions have other causes.
void variables_are_read();

/// Throws EnvironmentError naming a variable that LibTorch would end the
/// process for, since it takes its value for a number without looking.
void check_environment();

}  // namespace digitorch
