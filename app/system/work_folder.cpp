#include "app/system/work_folder.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "app/system/make_folders.h"
#include "app/system/write_file.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// Makes the first folder of path, path-2, path-3, ... whose name is free.
fs::path make_numbered(const fs::path& first) {
  fs::path path = first;
  for (int number = 2; fs::exists(path) || !make_folders(path); ++number) {
    path = first;
    path += "-" + std::to_string(number);
  }
  return path;
}

}  // namespace

void check_unused(const fs::path& path, const WorkKind& kind) {
  const auto mark = std::find_if(
      kind.marks.begin(),
      kind.marks.end(),
      [&](const std::string& name) { return fs::exists(path / name); }
  );
  if (mark == kind.marks.end()) return;
  throw std::runtime_error(
      path.string() + ": already holds " + *mark + " of a " + kind.noun +
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
  remove_stale_temporaries(path);
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
