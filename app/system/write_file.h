// Files that are either whole or not there: what survives a crash, a full disk
// and a power cut is the old file or the new one, never a part.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string_view>

namespace digitorch {

/// Replaces the file with `bytes`: written to a temporary beside it
/// (".NAME.tmp-PID"), synchronised, renamed, and the folder synchronised.
/// Throws std::system_error naming the path and what failed; the temporary is
/// removed then, and the old file untouched. (Should only the last step fail,
/// the new file is already in place, but may not outlive a power cut.)
/// A character device, such as /dev/stdout, is written to directly; any other
/// special file is refused with std::runtime_error. Requires SIGXFSZ and
/// SIGPIPE ignored: see signals.h. One thread at a time for a path.
void write_file(const std::filesystem::path&, std::string_view bytes);

/// The system calls that write_file makes, with their meaning in POSIX: a
/// negative result is a failure told by errno. Tests put failing ones in.
struct FileCalls {
  std::function<int(const char* path, int flags, mode_t)> open;
  std::function<ssize_t(int file, const void* bytes, std::size_t)> write;
  std::function<int(int file)> fsync;
  std::function<int(int file)> close;
  std::function<int(const char* from, const char* to)> rename;
};

FileCalls system_file_calls();

void write_file(const std::filesystem::path&, std::string_view bytes, const FileCalls&);

/// Removes what interrupted calls of write_file left in the folder. Only for
/// who holds the folder's lock: it would take another writer's file away.
/// Throws std::system_error.
void remove_stale_temporaries(const std::filesystem::path& folder);

}  // namespace digitorch
