// The header of a PNG file, with the checksum of every chunk verified.
#pragma once

#include "datasets/files/byte_reader.h"
#include "datasets/files/image_header.h"

namespace digitorch {

/// The bytes start with PNG's signature. Throws as read_image_header() does.
ImageHeader read_png_header(const ByteReader&);

}  // namespace digitorch
