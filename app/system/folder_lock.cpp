#include "app/system/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "app/system/errors.h"
#include "app/system/make_folders.h"
#include "app/system/retried.h"
#include "app/system/write_file.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// The size of a block of a file system, which a full disk refuses.
constexpr std::size_t kProbeBytes = 4096;

/// "process N" as the holder wrote its number, or "another process" where it
/// has not written it yet.
std::string holder(int file) {
  std::array<char, 32> text;
  const ssize_t size = pread(file, text.data(), text.size(), 0);
  return size > 0 ? "process " + std::string(text.data(), size)
                  : "another process";
}

/// Makes this process's number all that the file, just opened, holds. Returns
/// whether it could; errno says why not.
bool write_number(int file) {
  if (retried([&] { return ftruncate(file, 0); }) != 0) return false;
  return write_whole(
      std::to_string(getpid()),
      [&](const char* from, std::size_t count) {
        return write(file, from, count);
      }
  );
}

}  // namespace

void check_writable_folder(const fs::path& folder) {
  make_folders(folder);
  // Under the name of a temporary file, which is removed where it is left.
  const fs::path probe = temporary_name(folder / "writable");
  write_file(probe, std::string(kProbeBytes, '\0'));
  fs::remove(probe);
}

FolderLock::FolderLock(const fs::path& folder) {
  const fs::path path = folder / ".lock";
  file_ = retried([&] {
    return open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  });
  if (file_ < 0) throw_errno(path, "cannot open");
  if (retried([&] { return flock(file_, LOCK_EX | LOCK_NB); }) != 0) {
    const int reason = errno;
    const std::string by = holder(file_);
    close(file_);
    errno = reason;
    if (reason != EWOULDBLOCK) throw_errno(path, "cannot lock");
    throw EnvironmentError(
        folder.string() + ": in use by " + by +
        "; expected a folder that no other run writes to. Wait for it to end, "
        "or choose another folder"
    );
  }
  if (!write_number(file_)) {
    const int reason = errno;
    close(file_);
    errno = reason;
    throw_errno(path, "cannot write");
  }
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace digitorch
