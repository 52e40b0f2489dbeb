// Folders of pictures: folder/CLASS/*.png as a data set, and the pictures that
// a path stands for.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/image_set.h"

namespace digitorch {

struct ImageFolderOptions {
  bool skip_bad = false;  ///< Leave unreadable pictures out, with a warning.
};

/// A class for each sub-folder, with its name. Classes and files are in the
/// order of their names' bytes, so that nothing depends on the file system.
/// Links to pictures are followed, links to folders are not; hidden entries and
/// files of other endings are ignored. Every picture goes through read_image()
/// and preprocess(), on as many threads as PyTorch has. Appends to `warnings`
/// for empty classes, a single class, and pictures that are blank or left out.
/// Throws std::runtime_error for a folder without classes or pictures, and for
/// files that are named like pictures and are broken, pipes or devices: it
/// names the first ten and counts the others.
ImageSet read_image_folder(
    const std::filesystem::path& folder,
    const ImageFolderOptions&,
    std::vector<std::string>& warnings
);

/// For a file itself, whatever its ending. For a folder the pictures in it and
/// in the folders below it, at most kMaxFolderLevels deep, sorted by path.
/// Throws std::runtime_error where the path does not exist or its folder holds
/// no picture.
std::vector<std::filesystem::path> list_images(
    const std::filesystem::path& file_or_folder
);

/// The number of levels of folders that list_images() enters, the named one
/// included.
inline constexpr int kMaxFolderLevels = 16;

}  // namespace digitorch
