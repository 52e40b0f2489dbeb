// The kinds of picture files: how they are recognised, and who decodes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "datasets/files/byte_reader.h"
#include "datasets/files/image.h"

namespace digitorch {

/// The supported formats, as messages name them.
inline constexpr const char* kImageFormats =
    "PNG, JPEG, BMP, TIFF, WebP or PGM";

/// Endings of the formats' file names, lower case, with the dot, sorted.
const std::vector<std::string>& image_extensions();

/// Whether the bytes begin as a picture's do, also one of a format that is
/// known and not supported. Text that happens to begin as one, such as
/// "P1.png", does not.
bool looks_like_picture(std::string_view bytes);

/// Recognises the picture by its first bytes, which its name does not matter
/// for, and decodes it. Sets the reader's format. Throws std::runtime_error
/// "<name>: <what was found>; expected <what>" for anything but a whole,
/// supported picture of 1 to kMaxPixels pixels.
Image decode(ByteReader&);

}  // namespace digitorch
