// The header of a portable anymap: PBM, PGM and PPM, plain (P1 to P3) and
// binary (P4 to P6).
#pragma once

#include "datasets/files/byte_reader.h"
#include "datasets/files/image_header.h"

namespace digitorch {

/// The bytes start with PNM's signature. Throws as read_image_header() does.
ImageHeader read_pnm_header(const ByteReader&);

}  // namespace digitorch
