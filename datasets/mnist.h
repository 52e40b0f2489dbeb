// A data set as MNIST comes: four IDX files in a folder -> ImageSet.
// Fashion-MNIST, KMNIST and others share the layout.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "datasets/image_set.h"

namespace digitorch {

/// The sets that scripts/fetch_data.sh fetches, by name, with their class
/// names.
const std::map<std::string, std::vector<std::string>>& named_sets();

enum class Part { kTrain, kTest };

/// Whether the folder holds a training picture file under one of its names.
bool is_idx_folder(const std::filesystem::path&);

/// Reads {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte. Each may also
/// be spelt with a dot (train-images.idx3-ubyte) and end in .gz; where there
/// are several, the raw file wins over the packed one, then the dash over the
/// dot. Without class names they are "0" to the largest label. Throws as the
/// readers of datasets/idx.h do, and std::runtime_error for a missing file
/// (with the names looked for), for counts that differ and for a label without
/// a class.
ImageSet read_mnist(
    const std::filesystem::path& folder,
    Part,
    std::vector<std::string> class_names = {}
);

/// "0", "1", ... `count` of them.
std::vector<std::string> numbered_classes(int64_t count);

}  // namespace digitorch
