// The one walk through folders of pictures: what is read of them, and a count
// of everything that is not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace digitorch {

/// The number of levels of folders that are entered, the named one included.
inline constexpr int kMaxFolderLevels = 16;

/// What a walk passed by. What an operating system puts beside pictures for
/// itself (.DS_Store, Thumbs.db, __MACOSX, @eaDir, hidden folders) does not
/// count.
struct LeftOut {
  std::map<std::string, int64_t> files;  ///< By kind: ".heic", "hidden", ...
  int64_t loops = 0;  ///< Linked folders that lead back to one that is read.
  int64_t deep = 0;   ///< Folders more than kMaxFolderLevels deep.

  void add(const LeftOut&);
  bool empty() const { return files.empty() && loops == 0 && deep == 0; }

  /// Such as "60 files left out: 40 .heic, 20 .txt"; empty where nothing was.
  std::string text() const;
};

/// The entries of one folder, sorted by the bytes of their names.
struct FolderLevel {
  std::vector<std::filesystem::path> folders;
  /// Files that are named like pictures, links, pipes and devices among them.
  std::vector<std::filesystem::path> pictures;
  LeftOut left_out;
};

/// Reads one folder. Links to folders count as folders, unless they lead to
/// this folder or one above it. Throws std::system_error where the system
/// refuses to read it.
FolderLevel read_level(const std::filesystem::path& folder);

struct FolderWalk {
  std::vector<std::filesystem::path> pictures;
  LeftOut left_out;
};

/// All pictures in a folder and in those below it, in the order of their names.
/// No folder is read twice, whatever links lead to it, and none at all that is
/// `within`, the folder from which the walk set out. Throws as read_level()
/// does.
FolderWalk walk_pictures(
    const std::filesystem::path& folder,
    const std::filesystem::path& within = {}
);

/// "1 picture", "2 pictures".
std::string count_of(int64_t count, const std::string& noun);

}  // namespace digitorch
