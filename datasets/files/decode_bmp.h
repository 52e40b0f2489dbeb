// BMP of 1 to 32 bits, run-length encoded or not.
#pragma once

#include "datasets/files/image.h"

namespace digitorch {

/// The bytes start with BMP's signature. Throws as decode() does.
Image decode_bmp(const ByteReader&);

}  // namespace digitorch
