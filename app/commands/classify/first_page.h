// Reading the picture that a command line names.
#pragma once

#include "app/commands/classify/listed_pictures.h"
#include "datasets/files/image.h"

namespace digitorch {

/// Decodes the bytes, or reads the file where there are none. Throws as
/// read_image() does.
Image read_picture(const PictureInput&);

/// As read_picture(). Prints a warning on standard error where there are
/// further pages, which are not read.
Image read_first_page(const PictureInput&);

}  // namespace digitorch
