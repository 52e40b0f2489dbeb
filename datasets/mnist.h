// A data set as MNIST comes: four IDX files in a folder. Fashion-MNIST, KMNIST,
// EMNIST, QMNIST and others share the layout.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/files/idx_names.h"
#include "datasets/image_set.h"

namespace digitorch {

enum class Part { kTrain, kTest };

/// Reads the images and labels of a part, which find_idx_files() finds. Without
/// class names they are "0" to the largest label. Throws as the readers of
/// datasets/idx.h do, and std::runtime_error for a missing file, with the files
/// found and those expected, for counts that differ and for a label without a
/// class.
ImageSet read_mnist(
    const std::filesystem::path& folder,
    Part,
    std::vector<std::string> class_names = {}
);

struct IdxSet {
  ImageSet train;  ///< Empty where the folder has only a test part.
  ImageSet test;   ///< Empty where the folder has only a training part.
};

/// Reads the parts that are there, a table without labels excepted. Either may
/// lack the largest label. Where the labels begin with 1, as those of EMNIST's
/// letters, so do the classes. Their names are those of read_class_names().
/// EMNIST's pictures, which its files hold on their side, are set upright.
/// Appends to `warnings` what is so read in another way than it is stored.
/// Throws as read_mnist() does.
IdxSet read_idx_set(
    const std::filesystem::path& folder,
    const IdxFiles&,
    std::vector<std::string>& warnings
);

}  // namespace digitorch
