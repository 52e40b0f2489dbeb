// A data set as MNIST comes: four IDX files in a folder. Fashion-MNIST, KMNIST
// and others share the layout.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/image_set.h"

namespace digitorch {

enum class Part { kTrain, kTest };

/// Whether the folder holds the training pictures under one of the names that
/// read_mnist() knows.
bool is_idx_folder(const std::filesystem::path&);

/// Reads {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte. The names may
/// also have a dot for the second dash (train-images.idx3-ubyte) and end in
/// .gz. Where there are several files, an unpacked one is preferred to a packed
/// one, then a dash to a dot. Without class names they are "0" to the largest
/// label. Throws as the readers of datasets/idx.h do, and std::runtime_error
/// for a missing file, with the names looked for, for counts that differ and
/// for a label without a class.
ImageSet read_mnist(
    const std::filesystem::path& folder,
    Part,
    std::vector<std::string> class_names = {}
);

}  // namespace digitorch
