// The kinds of failure, other than bad input, that have an exit code of their
// own.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace digitorch {

/// The machine lacks or refuses something, such as a GPU, where no errno says
/// so. A failed system call is a std::system_error, which has the same exit
/// code.
struct EnvironmentError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Loss, gradients or weights are no longer finite.
struct DivergedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws a std::system_error "<path>: <what failed>: <what errno says>".
[[noreturn]] void throw_errno(
    const std::filesystem::path&, const std::string& what_failed
);

}  // namespace digitorch
