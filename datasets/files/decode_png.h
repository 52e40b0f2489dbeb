// PNG by libpng. What a picture does not need is left out: texts and colour
// profiles can be huge, and wrong without harm.
#pragma once

#include "datasets/files/image.h"

namespace digitorch {

/// The bytes start with PNG's signature. Throws as decode() does.
Image decode_png(const ByteReader&);

}  // namespace digitorch
