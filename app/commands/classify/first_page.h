// Reading the picture that a command line names.
#pragma once

#include <filesystem>

#include "datasets/files/image.h"

namespace digitorch {

/// As read_image(), with a warning on standard error where the file holds
/// further pages, which are not read.
Image read_first_page(const std::filesystem::path&);

}  // namespace digitorch
