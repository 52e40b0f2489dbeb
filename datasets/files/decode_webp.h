// WebP by libwebp: still pictures.
#pragma once

#include "datasets/files/image.h"

namespace digitorch {

/// The bytes start with WebP's signature. Throws as decode() does.
Image decode_webp(const ByteReader&);

}  // namespace digitorch
