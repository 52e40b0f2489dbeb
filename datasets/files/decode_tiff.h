// TIFF and BigTIFF by libtiff: the first page.
#pragma once

#include "datasets/files/image.h"

namespace digitorch {

/// The bytes start with TIFF's signature. Throws as decode() does.
Image decode_tiff(const ByteReader&);

}  // namespace digitorch
