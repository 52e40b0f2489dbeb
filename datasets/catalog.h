// What --data names -> ImageSet: a named set, a folder of IDX files or a folder
// of class folders.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/image_set.h"

namespace digitorch {

struct DataLocation {
  std::string data = "mnist";  ///< "mnist", "fashion-mnist" or a folder.
  std::filesystem::path data_dir = "data";  ///< Where named sets lie.
  bool skip_bad = false;  ///< Leave out unreadable pictures, with a warning.
};

struct DataSet {
  ImageSet train;
  ImageSet test;
  std::vector<std::string> warnings;  ///< For the user: empty classes, skipped.
};

/// Both parts. A folder with train/ and test/ inside has its own; any other
/// folder of class folders puts a seeded tenth of every class (at least one
/// picture where there are two) aside as test. Throws std::runtime_error for
/// missing or bad files, std::system_error for unreadable ones.
DataSet load_data(const DataLocation&);

struct EvaluationSet {
  ImageSet digits;
  std::vector<std::string> warnings;
};

/// What `eval` scores: the test part where the data has one of its own,
/// otherwise every picture of the folder.
EvaluationSet load_evaluation_data(const DataLocation&);

}  // namespace digitorch
