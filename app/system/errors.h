// The kinds of failure that have an exit code of their own beside bad input.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace digitorch {

/// What the machine lacks or refuses where no errno tells it, such as a missing
/// GPU. Failed system calls are std::system_error and exit alike.
struct EnvironmentError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Loss, gradients or weights are no longer finite.
struct DivergedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws what errno says as std::system_error "<path>: <what failed>: …".
[[noreturn]] void throw_errno(
    const std::filesystem::path&, const std::string& what_failed
);

}  // namespace digitorch
