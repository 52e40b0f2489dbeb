// Pictures in CSV, as Kaggle hands them out: a row for each, with its label and
// its 784 pixels.
#pragma once

#include <filesystem>

#include "datasets/image_set.h"

namespace digitorch {

/// Reads rows of a label, 0 to 255, and 28 x 28 pixels, 0 to 255, row by row; a
/// heading that begins with a letter or a quote is passed by. Class names are
/// left to others. Rows of pixels alone, without labels, give an empty set.
/// Throws std::runtime_error naming the line of anything else, and as
/// read_file() does.
ImageSet read_pixel_csv(const std::filesystem::path&);

}  // namespace digitorch
