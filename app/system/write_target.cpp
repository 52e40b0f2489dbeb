#include "app/system/write_target.h"

#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <optional>
#include <string>
#include <system_error>

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// The number of an open file of this process that the path stands for: N of
/// /proc/self/fd/N, to which /dev/fd leads.
std::optional<int> descriptor_of(const fs::path& path) {
  const std::string name = path.filename();
  int number = -1;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), number);
  const bool is_number =
      error == std::errc() && end == name.data() + name.size() && number >= 0;
  std::error_code none;
  if (is_number && fs::equivalent(path.parent_path(), "/proc/self/fd", none))
    return number;
  return std::nullopt;
}

WriteTarget::Kind kind_of_file(const fs::path& path) {
  struct stat there = {};
  if (stat(path.c_str(), &there) != 0 || S_ISREG(there.st_mode))
    return WriteTarget::Kind::replaced;
  if (S_ISCHR(there.st_mode) || S_ISFIFO(there.st_mode))
    return WriteTarget::Kind::device_or_pipe;
  return WriteTarget::Kind::unwritable;
}

}  // namespace

WriteTarget write_target(const fs::path& named) {
  constexpr int kMaxLinks = 40;  // as the kernel has it
  fs::path path = named;
  for (int links = 0; links <= kMaxLinks; ++links) {
    if (const std::optional<int> number = descriptor_of(path))
      return {WriteTarget::Kind::open_file, path, *number};
    std::error_code no_link;
    const fs::path next = fs::read_symlink(path, no_link);
    if (no_link) break;
    path = path.parent_path() / next;
  }
  return {kind_of_file(path), path};
}

bool is_standard_output(const fs::path& path) {
  return write_target(path).descriptor == STDOUT_FILENO;
}

}  // namespace digitorch
