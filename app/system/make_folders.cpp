#include "app/system/make_folders.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "app/system/errors.h"
#include "app/system/retried.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

void synchronise(const fs::path& folder) {
  const int file = retried([&] {
    return open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  });
  if (file < 0) throw_errno(folder, "cannot open");
  const int result = retried([&] { return fsync(file); });
  const int reason = errno;
  close(file);
  errno = reason;
  // Some file systems cannot synchronise a folder, and need not.
  if (result != 0 && reason != EINVAL)
    throw_errno(folder, "cannot synchronise with the disk");
}

}  // namespace

bool make_folders(const fs::path& path) {
  std::error_code unknown;  // mkdir() gives the reason
  if (fs::is_directory(path, unknown)) return false;
  const fs::path parent = path.has_parent_path() ? path.parent_path() : ".";
  if (!fs::exists(parent, unknown)) make_folders(parent);
  if (mkdir(path.c_str(), 0777) != 0) {
    const bool exists = errno == EEXIST;
    if (exists && fs::is_directory(path, unknown)) return false;
    if (exists) errno = ENOTDIR;
    throw_errno(path, "cannot make a folder");
  }
  synchronise(parent);
  return true;
}

}  // namespace digitorch
