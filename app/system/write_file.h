// Files that are written whole or not at all: a crash, a full disk or a power
// cut leaves the old file or the new one, never a part of it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string_view>

namespace digitorch {

/// Replaces the file with `bytes`. It writes a temporary file ".NAME.tmp-PID"
/// in the same folder, synchronises it, renames it, and synchronises the
/// folder. Throws std::system_error naming the path and what failed; the
/// temporary file is then removed, and the old file is unchanged. (Where only
/// the last step fails, the new file is in place, but may not survive a power
/// cut.) A character device, such as /dev/stdout, is written to directly. Any
/// other special file is refused with std::runtime_error. Requires that SIGXFSZ
/// is ignored: see signals.h. Only one thread at a time may write a path.
void write_file(const std::filesystem::path&, std::string_view bytes);

/// The system calls that write_file() makes, with their meaning in POSIX: a
/// negative result is a failure, which errno describes. Tests replace them by
/// calls that fail.
struct FileCalls {
  std::function<int(const char* path, int flags, mode_t)> open;
  std::function<ssize_t(int file, const void* bytes, std::size_t)> write;
  std::function<int(int file)> fsync;
  std::function<int(int file)> close;
  std::function<int(const char* from, const char* to)> rename;
};

FileCalls system_file_calls();

void write_file(const std::filesystem::path&, std::string_view bytes, const FileCalls&);

/// Removes the temporary files of interrupted calls of write_file() from the
/// folder. Requires that this process holds the folder's lock, since it would
/// remove the file of another writer, too. Throws std::system_error.
void remove_stale_temporaries(const std::filesystem::path& folder);

}  // namespace digitorch
