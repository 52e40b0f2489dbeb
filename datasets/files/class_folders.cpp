#include "datasets/files/class_folders.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <string_view>

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExpected = "one sub-folder of pictures for each class";

// The number of names that a message lists.
constexpr std::size_t kMaxNames = 5;

void check_folder(const fs::path& folder) {
  const fs::file_status status = fs::status(folder);
  if (fs::is_directory(status)) return;
  throw std::runtime_error(
      folder.string() +
      (fs::exists(status) ? ": not a folder" : ": no such folder") +
      "; expected " + kExpected
  );
}

std::string in_brackets(const LeftOut& left_out) {
  return left_out.empty() ? "" : " (" + left_out.text() + ")";
}

[[noreturn]] void throw_no_class(
    const fs::path& folder, std::size_t folders, const LeftOut& left_out
) {
  if (folders == 0)
    throw std::runtime_error(
        folder.string() + ": no sub-folders" + in_brackets(left_out) +
        "; expected " + kExpected
    );
  throw std::runtime_error(
      folder.string() + ": no picture in " +
      count_of(static_cast<int64_t>(folders), "sub-folder") +
      in_brackets(left_out) +
      "; expected files that end in .png, .jpg or the like"
  );
}

std::string names_of(const std::vector<fs::path>& folders) {
  std::string names;
  for (std::size_t i = 0; i < std::min(folders.size(), kMaxNames); ++i)
    names += (i == 0 ? "" : ", ") + folders[i].filename().string();
  return names + (folders.size() > kMaxNames ? ", ..." : "");
}

// The letters of a name in lower case, without "set" at the end.
std::string part_word(const fs::path& folder) {
  const std::string name = folder.filename().string();
  std::string word;
  for (const char c : name)
    if (c != '_' && c != '-' && c != ' ')
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (word.ends_with("set")) word.resize(word.size() - 3);
  return word;
}

fs::path* part_called(const fs::path& folder, PartFolders& parts) {
  const std::string word = part_word(folder);
  if (word == "train" || word == "training") return &parts.train;
  if (word == "test" || word == "testing") return &parts.test;
  if (word == "val" || word == "valid" || word == "validation")
    return &parts.validation;
  return nullptr;
}

}  // namespace

ClassFolders list_classes(
    const fs::path& folder, std::vector<std::string>& warnings
) {
  check_folder(folder);
  FolderLevel level = read_level(folder);
  ClassFolders found;
  found.left_out = std::move(level.left_out);
  if (!level.pictures.empty())
    found.left_out.files["beside the class folders"] +=
        std::ssize(level.pictures);
  bool all_nested = true;
  for (const fs::path& path : level.folders) {
    const FolderWalk walk = walk_pictures(path, folder);
    found.left_out.add(walk.left_out);
    if (walk.pictures.empty()) {
      warnings.push_back(
          path.string() + ": a folder without pictures, which makes no class"
      );
      continue;
    }
    for (const fs::path& picture : walk.pictures) {
      found.files.push_back({picture, std::ssize(found.names)});
      all_nested = all_nested && picture.parent_path() != path;
    }
    found.names.push_back(path.filename().string());
  }
  if (found.names.empty())
    throw_no_class(folder, level.folders.size(), found.left_out);
  if (all_nested)
    warnings.push_back(
        folder.string() + ": the classes are " + names_of(level.folders) +
        "; the folders in each of them, such as " +
        found.files.front().path.parent_path().filename().string() +
        ", make none"
    );
  if (!found.left_out.empty())
    warnings.push_back(folder.string() + ": " + found.left_out.text());
  return found;
}

std::optional<PartFolders> find_parts(
    const fs::path& folder, std::vector<std::string>& warnings
) {
  PartFolders parts;
  std::vector<fs::path> others;
  bool has_classes = false;
  int named = 0;
  for (const fs::path& path : read_level(folder).folders) {
    fs::path* part = part_called(path, parts);
    if (part == nullptr) {
      others.push_back(path);
      continue;
    }
    if (!part->empty())
      throw std::runtime_error(
          folder.string() + ": both " + part->filename().string() + " and " +
          path.filename().string() + "; expected one of them"
      );
    *part = path;
    ++named;
    has_classes = has_classes || !read_level(path).folders.empty();
  }
  if (!has_classes) return std::nullopt;
  std::erase_if(others, [&](const fs::path& path) {
    return walk_pictures(path, folder).pictures.empty();
  });
  if (named == 1 && !others.empty()) return std::nullopt;
  if (!others.empty())
    warnings.push_back(
        folder.string() +
        ": left out the folders beside the parts: " + names_of(others)
    );
  return parts;
}

fs::path unwrapped(const fs::path& folder) {
  const FolderLevel level = read_level(folder);
  if (level.folders.size() != 1 || !level.pictures.empty()) return folder;
  const FolderLevel below = read_level(level.folders.front());
  const bool wraps = below.folders.size() >= 2 && below.pictures.empty();
  return wraps ? level.folders.front() : folder;
}

}  // namespace digitorch
