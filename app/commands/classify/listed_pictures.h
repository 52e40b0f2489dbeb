// Which pictures are meant by what a user types: files, folders and patterns.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace digitorch {

struct PictureInput {
  std::filesystem::path path;  ///< "-" for standard input.
  std::string bytes = {};      ///< Of a picture on standard input; or empty.
};

/// The pictures that a path on the command line stands for: a file, a folder or
/// a pattern with *, ? or []. Appends to `warnings` what list_images() leaves
/// out. Throws std::runtime_error naming a pattern that nothing matches, and
/// what list_images throws.
std::vector<std::filesystem::path> listed_pictures(
    const std::string& path, std::vector<std::string>& warnings
);

}  // namespace digitorch
