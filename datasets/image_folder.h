// Folders of pictures: folder/CLASS/*.png as a data set, and the pictures that
// a path stands for.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/format_wish.h"
#include "datasets/image_set.h"

namespace digitorch {

struct ImageFolderOptions {
  bool skip_bad = false;  ///< Leave unreadable pictures out, with a warning.
  /// Of the pictures' form. What it leaves open: ink where the classes are
  /// digits, else plain, of 28x28 pixels, in colour where a tenth of
  /// the pictures is.
  FormatWish format = {};
};

/// A class for each sub-folder that holds pictures, with its name. Classes and
/// files are those of list_classes(), in the order of their names' bytes, so
/// that nothing depends on the file system. Every picture goes through
/// read_image() and prepare(), on as many threads as PyTorch has. Appends to
/// `warnings` as list_classes() does, and for a single class and pictures that
/// are blank, in colour or left out. Throws std::runtime_error as
/// list_classes() does, and for files that are named like pictures and are
/// broken, pipes or devices: it names the first ten and counts the others.
ImageSet read_image_folder(
    const std::filesystem::path& folder,
    const ImageFolderOptions&,
    std::vector<std::string>& warnings
);

/// For a file itself, whatever its ending. For a folder the pictures that
/// walk_pictures() finds; what it leaves out is counted in `warnings`. Throws
/// std::runtime_error where the path does not exist or its folder holds no
/// picture.
std::vector<std::filesystem::path> list_images(
    const std::filesystem::path& file_or_folder,
    std::vector<std::string>& warnings
);

}  // namespace digitorch
