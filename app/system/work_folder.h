// A folder that holds the state of long work: made, locked against other
// processes, and opened again to go on.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/system/folder_lock.h"

namespace digitorch {

/// What work is kept in a folder.
struct WorkKind {
  std::string noun;                ///< For messages: "run".
  std::vector<std::string> marks;  ///< Files by which a used folder is known.
};

/// Where new work is to be kept.
struct NewFolder {
  std::filesystem::path path;
  /// False: the path itself, which may exist but holds no earlier work. True: a
  /// folder that does not exist yet: the path, or else path-2, path-3, ...
  bool numbered = false;
};

/// Throws std::runtime_error where the folder has one of the marks.
void check_unused(const std::filesystem::path&, const WorkKind&);

/// Holds the folder for this process for as long as the object lives.
class WorkFolder {
 public:
  /// Makes the folder with its parents, locks it and removes the temporary
  /// files of a process that was killed. A numbered folder is this process's
  /// own even where others choose a name at the same moment, since the system
  /// makes a folder only once. Throws std::runtime_error where the folder has
  /// one of the marks, std::system_error naming the path where it cannot be
  /// written, EnvironmentError where another process holds it.
  static WorkFolder create(const NewFolder&, const WorkKind&);

  /// The same for a folder that exists, whatever it holds. Throws as create()
  /// does.
  static WorkFolder open(const std::filesystem::path&);

  const std::filesystem::path& path() const { return path_; }
  /// The path of a file in the folder.
  std::filesystem::path file(const std::string& name) const {
    return path_ / name;
  }
  /// Replaces a file in the folder: see write_file().
  void write(const std::string& name, std::string_view bytes) const;

 private:
  explicit WorkFolder(std::filesystem::path path);

  std::filesystem::path path_;
  FolderLock lock_;
};

}  // namespace digitorch
