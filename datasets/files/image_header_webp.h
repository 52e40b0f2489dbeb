// The header of a WebP file.
#pragma once

#include "datasets/files/byte_reader.h"
#include "datasets/files/image_header.h"

namespace digitorch {

/// The bytes start with WebP's signature. Throws as read_image_header() does.
ImageHeader read_webp_header(const ByteReader&);

}  // namespace digitorch
