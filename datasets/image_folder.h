// A folder of class folders, folder/CLASS/*.png -> ImageSet, and the pictures
// that a path stands for.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/image_set.h"

namespace digitorch {

struct ImageFolderOptions {
  bool skip_bad = false;  ///< Leave unreadable pictures out, with a warning.
};

/// One class a sub-folder, named after it; classes and files in the order of
/// their names' bytes, so that nothing depends on the file system. Links to
/// pictures are followed, links to folders are not; hidden entries and files of
/// other endings are left alone. Every picture goes through read_image and
/// preprocess, on as many threads as PyTorch has. Appends to `warnings`: empty
/// classes, a single class, blank and skipped pictures. Throws
/// std::runtime_error for a folder without classes or pictures, and for what is
/// named like a picture and is broken, a pipe or a device: the first ten of
/// them and how many there are.
ImageSet read_image_folder(
    const std::filesystem::path& folder,
    const ImageFolderOptions&,
    std::vector<std::string>& warnings
);

/// A file as it is, whatever its ending; of a folder the pictures in it and in
/// the folders below it, at most kMostFolderLevels deep, sorted by path. Throws
/// std::runtime_error where nothing lies there or a folder holds no picture.
std::vector<std::filesystem::path> list_images(
    const std::filesystem::path& file_or_folder
);

/// Pictures are looked for this many folders down, the one named included.
inline constexpr int kMostFolderLevels = 16;

}  // namespace digitorch
