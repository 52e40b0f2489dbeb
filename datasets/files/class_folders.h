// The layouts of a folder of labelled pictures: a sub-folder for each class,
// alone or below folders for training, validation and test.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "datasets/files/folder_walk.h"

namespace digitorch {

struct LabelledFile {
  std::filesystem::path path;
  int64_t label;  ///< Position in ClassFolders::names.
};

/// The classes of a folder and their files, none of which is read yet.
struct ClassFolders {
  std::vector<std::string> names;   ///< Of the sub-folders that hold pictures.
  std::vector<LabelledFile> files;  ///< Class by class.
  LeftOut left_out;
};

/// Lists the sub-folders of a folder, by the bytes of their names, each with
/// all pictures below it. Appends to `warnings` for sub-folders without
/// pictures, for pictures that all lie deeper than one level, and one line for
/// everything left out. Throws std::runtime_error for what is no folder and for
/// a folder without a class, saying what lies in it.
ClassFolders list_classes(
    const std::filesystem::path& folder, std::vector<std::string>& warnings
);

/// The parts that a folder is divided into; empty paths for those it lacks.
struct PartFolders {
  std::filesystem::path train;
  std::filesystem::path validation;
  std::filesystem::path test;
};

/// The sub-folders that are parts of a data set: train or training; val, valid
/// or validation; test or testing, in any case, also with "set" behind. Nothing
/// where no sub-folder of such a name has sub-folders of its own, or where only
/// one has and others that hold pictures are beside it: these are classes.
/// Appends to `warnings` the folders beside the parts. Throws
/// std::runtime_error where a part is there twice.
std::optional<PartFolders> find_parts(
    const std::filesystem::path& folder, std::vector<std::string>& warnings
);

/// The folder below which the class folders are: the folder itself, or the only
/// sub-folder in it where that holds two or more folders and no picture, as
/// unpacked archives do.
std::filesystem::path unwrapped(const std::filesystem::path& folder);

}  // namespace digitorch
