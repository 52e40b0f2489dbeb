// The header of a Windows or OS/2 bitmap.
#pragma once

#include "datasets/files/byte_reader.h"
#include "datasets/files/image_header.h"

namespace digitorch {

/// The bytes start with BMP's signature. Throws as read_image_header() does.
ImageHeader read_bmp_header(const ByteReader&);

}  // namespace digitorch
