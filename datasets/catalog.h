// The pictures that --data names: a named set, a folder of IDX files or a
// folder with a sub-folder for each class.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/image_set.h"

namespace digitorch {

struct DataLocation {
  std::string data = "mnist";  ///< A name in named_sets.h or a folder.
  std::filesystem::path data_dir = "data";  ///< Holds the named sets.
  bool skip_bad = false;  ///< Leave out unreadable pictures, with a warning.
};

struct DataSet {
  ImageSet train;
  ImageSet test;
  /// For the user: empty classes, pictures left out.
  std::vector<std::string> warnings;
};

/// The training and the test pictures. A folder with train/ and test/ inside
/// has both; of any other folder a seeded tenth of every class, at least one
/// picture of two, is put aside for the test. Throws std::runtime_error for
/// missing or bad files, and std::system_error for what the system refuses to
/// read.
DataSet load_data(const DataLocation&);

struct EvaluationSet {
  ImageSet test;
  std::vector<std::string> warnings;
};

/// The pictures that `eval` scores: the test part where the data has one of its
/// own, otherwise every picture of the folder. Throws as load_data() does.
EvaluationSet load_evaluation_data(const DataLocation&);

}  // namespace digitorch
