// Exit codes of the exceptions that are neither LibTorch's nor OpenCV's.
#pragma once

#include <string>

namespace digitorch {

inline constexpr const char* kOutOfMemory =
    "out of memory; a smaller --batch-size needs less";

/// The message of a fault of this program.
std::string our_fault(const std::string& what);

/// As exit_code_for_current_exception() in exit_code.h, which calls it, for a
/// program that loads no library: those of LibTorch and OpenCV are faults of
/// this program here.
int exit_code_of_standard_exception(std::string& message);

}  // namespace digitorch
