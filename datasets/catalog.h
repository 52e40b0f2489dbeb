// The pictures that --data names: a named set, a folder of IDX files or a
// folder with a sub-folder for each class.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/data_folders.h"
#include "datasets/format_wish.h"
#include "datasets/image_set.h"

namespace digitorch {

struct DataLocation {
  std::string data = "mnist";  ///< A name in named_sets.h or a folder.
  /// Holds the named sets; kUsualDataFolder: any of data_folders() may.
  std::filesystem::path data_dir = kUsualDataFolder;
  bool skip_bad = false;   ///< Leave out unreadable pictures, with a warning.
  bool transpose = false;  ///< Swap the rows and columns of IDX pictures.
  /// Of the pictures' form. What it leaves open is as in ImageFolderOptions;
  /// pictures of IDX files keep their size and channels.
  FormatWish format = {};
};

struct DataSet {
  /// The last pictures are the validation part where the data have their own.
  ImageSet train;
  ImageSet test;  ///< Empty where the data have no test but a validation part.
  /// For the user: empty classes, pictures left out.
  std::vector<std::string> warnings;
};

/// The training and the test pictures. A folder with train/ and test/ or val/
/// inside (see find_parts()) has these parts; of any other folder a seeded
/// tenth of every class, at least one picture of two, is put aside for the
/// test. Throws std::runtime_error for missing or bad files, and
/// std::system_error for what the system refuses to read.
DataSet load_data(const DataLocation&);

/// The division of pictures that nothing divides, which load_data() makes. The
/// test part is empty where no class has two pictures.
DataSet put_test_aside(const ImageSet& whole);

struct EvaluationSet {
  ImageSet test;
  /// Whether the data have no test part, so that these are all their pictures,
  /// of which load_data() would train on nine tenths.
  bool is_whole = false;
  std::vector<std::string> warnings;
};

/// The pictures to score a network by: the test part of the data where they
/// have one, else the validation part, else every picture. Throws as
/// load_data() does.
EvaluationSet load_evaluation_data(const DataLocation&);

/// All pictures of the data, whatever part they are in. Throws as load_data()
/// does.
EvaluationSet load_all_data(const DataLocation&);

}  // namespace digitorch
