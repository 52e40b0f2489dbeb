#include "app/system/work_folder.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "app/system/write_file.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

void throw_cannot_make(const fs::path& path, std::error_code error) {
  throw std::system_error(error, path.string() + ": cannot make a folder");
}

/// False where there is something of that name already.
bool make_folder(const fs::path& path) {
  std::error_code error;
  const bool made = fs::create_directory(path, error);
  if (error && error != std::errc::file_exists) throw_cannot_make(path, error);
  return made;
}

/// Makes the first folder of path, path-2, path-3, ... whose name is free.
fs::path make_numbered(const fs::path& first) {
  std::error_code error;
  if (first.has_parent_path())
    fs::create_directories(first.parent_path(), error);
  if (error) throw_cannot_make(first.parent_path(), error);
  fs::path path = first;
  for (int number = 2; !make_folder(path); ++number) {
    path = first;
    path += "-" + std::to_string(number);
  }
  return path;
}

}  // namespace

void check_unused(const fs::path& path, const WorkKind& kind) {
  const bool used = std::any_of(
      kind.marks.begin(),
      kind.marks.end(),
      [&](const std::string& mark) { return fs::exists(path / mark); }
  );
  if (!used) return;
  throw std::runtime_error(
      path.string() + ": already holds a " + kind.noun +
      "; choose another folder (or --resume " + path.string() +
      " to go on with it)"
  );
}

WorkFolder::WorkFolder(fs::path path) : path_(std::move(path)), lock_(path_) {}

WorkFolder WorkFolder::create(const NewFolder& wanted, const WorkKind& kind) {
  if (!wanted.numbered) check_unused(wanted.path, kind);
  const fs::path path =
      wanted.numbered ? make_numbered(wanted.path) : wanted.path;
  check_writable_folder(path);
  WorkFolder folder(path);
  // Another process may have worked here until it let go of the lock.
  check_unused(path, kind);
  return folder;
}

WorkFolder WorkFolder::open(const fs::path& path) {
  check_writable_folder(path);
  WorkFolder folder(path);
  remove_stale_temporaries(path);
  return folder;
}

void WorkFolder::write(const std::string& name, std::string_view bytes) const {
  write_file(file(name), bytes);
}

}  // namespace digitorch
