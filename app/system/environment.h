// Variables of the environment that the libraries read without care.
#pragma once

namespace digitorch {

/// To be called where an exception is handled that a library threw while it was
/// loaded, as OpenCV does for bad variables. Throws EnvironmentError with its
/// text and the names of the variables that may be meant.
[[noreturn]] void refuse_bad_variables();

/// Throws EnvironmentError naming a variable that LibTorch would end the
/// process for, since it takes its value for a number without looking.
void check_environment();

}  // namespace digitorch
