// Reading whole files, with errors that tell bad input from a bad environment.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace digitorch {

/// The bytes of a regular file of at most `limit` bytes. Throws
/// std::runtime_error for what the user named wrongly (missing, a folder, a
/// pipe, a device, too large) and std::system_error for what the system
/// refuses (permission, input/output errors). Never blocks on a pipe; a file
/// that shrinks while it is read is an error, not a crash.
std::string read_file(const std::filesystem::path&, std::size_t limit);

}  // namespace digitorch
