// The header of a JPEG file, which is walked to its end.
#pragma once

#include "datasets/files/byte_reader.h"
#include "datasets/files/image_header.h"

namespace digitorch {

/// The bytes start with JPEG's signature. Throws as read_image_header() does.
ImageHeader read_jpeg_header(const ByteReader&);

}  // namespace digitorch
