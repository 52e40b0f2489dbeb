#include "datasets/files/folder_walk.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

#include "datasets/files/image_format.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

// The number of kinds of files that a warning names before it sums up the rest.
constexpr std::size_t kMaxKinds = 6;

std::string lower(std::string text) {
  for (char& c : text)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool is_hidden(const fs::path& path) {
  return path.filename().native().starts_with('.');
}

// Names that operating systems and storage devices use for themselves.
bool is_of_the_system(const fs::path& path) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "__macosx",
      "@eadir",
      "#recycle",
      "$recycle.bin",
      "system volume information",
      "lost+found",
      "thumbs.db",
      "ehthumbs.db",
      "desktop.ini"};
  const std::string name = lower(path.filename().native());
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool is_image_name(const fs::path& path) {
  const std::vector<std::string>& known = image_extensions();
  const std::string ending = lower(path.extension().native());
  return std::find(known.begin(), known.end(), ending) != known.end();
}

// macOS keeps attributes of x.png in ._x.png where a disk has no room for them.
bool is_hidden_picture(const fs::path& path) {
  return is_image_name(path) && !path.filename().native().starts_with("._");
}

// Dead links and links to themselves are no folders.
bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(fs::status(path, error));
}

bool leads_to_or_above(const fs::path& link, const fs::path& folder) {
  const fs::path target = fs::canonical(link);
  const fs::path here = fs::canonical(folder);
  return std::mismatch(target.begin(), target.end(), here.begin(), here.end())
             .first == target.end();
}

std::string kind_of(const fs::path& file) {
  const std::string ending = lower(file.extension().native());
  return ending.empty() ? "without an ending" : ending;
}

std::string kinds_text(const std::map<std::string, int64_t>& files) {
  std::vector<std::pair<std::string, int64_t>> sorted(
      files.begin(), files.end()
  );
  std::stable_sort(
      sorted.begin(),
      sorted.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; }
  );
  std::string text;
  int64_t others = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i >= kMaxKinds && sorted.size() > kMaxKinds + 1) {
      others += sorted[i].second;
      continue;
    }
    text += (i == 0 ? "" : ", ") + std::to_string(sorted[i].second) + " " +
            sorted[i].first;
  }
  if (others > 0) text += ", " + std::to_string(others) + " of other kinds";
  return text;
}

class Walker {
 public:
  explicit Walker(const fs::path& within) {
    if (!within.empty()) read_.insert(fs::canonical(within));
  }

  void enter(const fs::path& folder, int levels) {
    if (!read_.insert(fs::canonical(folder)).second) {
      ++walk_.left_out.loops;
      return;
    }
    if (levels == 0) {
      ++walk_.left_out.deep;
      return;
    }
    const FolderLevel level = read_level(folder);
    walk_.left_out.add(level.left_out);
    // Both lists are sorted; together they are in the order of all names.
    auto picture = level.pictures.begin();
    for (const fs::path& below : level.folders) {
      for (; picture != level.pictures.end() && *picture < below; ++picture)
        walk_.pictures.push_back(*picture);
      enter(below, levels - 1);
    }
    walk_.pictures.insert(walk_.pictures.end(), picture, level.pictures.end());
  }

  FolderWalk take() { return std::move(walk_); }

 private:
  std::set<fs::path> read_;
  FolderWalk walk_;
};

}  // namespace

void LeftOut::add(const LeftOut& other) {
  for (const auto& [kind, count] : other.files) files[kind] += count;
  loops += other.loops;
  deep += other.deep;
}

std::string LeftOut::text() const {
  std::string all;
  const auto append = [&](const std::string& part) {
    all += (all.empty() ? "" : "; ") + part;
  };
  int64_t count = 0;
  for (const auto& [kind, files_of_it] : files) count += files_of_it;
  if (count > 0)
    append(count_of(count, "file") + " left out: " + kinds_text(files));
  if (loops > 0)
    append(
        count_of(loops, "linked folder") +
        " left out, leading to what is read already"
    );
  if (deep > 0)
    append(
        count_of(deep, "folder") + " left out, below " +
        std::to_string(kMaxFolderLevels) + " others"
    );
  return all;
}

FolderLevel read_level(const fs::path& folder) {
  std::vector<fs::path> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path());
  std::sort(names.begin(), names.end());
  FolderLevel level;
  for (const fs::path& path : names) {
    const bool folder_below = is_folder(path);
    if (is_of_the_system(path)) continue;
    if (is_hidden(path)) {
      if (!folder_below && is_hidden_picture(path))
        ++level.left_out.files["hidden"];
    } else if (folder_below) {
      if (fs::is_symlink(path) && leads_to_or_above(path, folder))
        ++level.left_out.loops;
      else
        level.folders.push_back(path);
    } else if (is_image_name(path)) {
      level.pictures.push_back(path);
    } else {
      ++level.left_out.files[kind_of(path)];
    }
  }
  return level;
}

FolderWalk walk_pictures(const fs::path& folder, const fs::path& within) {
  Walker walker(within);
  walker.enter(folder, kMaxFolderLevels);
  return walker.take();
}

std::string count_of(int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace digitorch
