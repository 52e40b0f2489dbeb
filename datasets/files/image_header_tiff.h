// The header of a TIFF file: the tags of its first directory.
#pragma once

#include "datasets/files/byte_reader.h"
#include "datasets/files/image_header.h"

namespace digitorch {

/// The bytes start with TIFF's signature. Throws as read_image_header() does.
ImageHeader read_tiff_header(const ByteReader&);

}  // namespace digitorch
