// JPEG by libjpeg, whose decoder paints missing parts grey and only warns.
#pragma once

#include "datasets/files/image.h"

namespace digitorch {

/// The bytes start with JPEG's signature. Throws as decode() does.
Image decode_jpeg(const ByteReader&);

}  // namespace digitorch
