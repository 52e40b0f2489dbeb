// Portable any-map: PBM, PGM and PPM, as text or as bytes.
#pragma once

#include "datasets/files/image.h"

namespace digitorch {

/// The bytes start with PNM's signature. Throws as decode() does.
Image decode_pnm(const ByteReader&);

}  // namespace digitorch
