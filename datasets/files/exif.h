// The tags of a TIFF directory, which both TIFF files and EXIF metadata have.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

#include "datasets/files/byte_reader.h"

namespace digitorch {

/// The first value of every SHORT and LONG entry of the first directory, by tag
/// (TIFF 6.0, section 2). Throws std::runtime_error where the bytes end early.
std::map<uint32_t, uint32_t> read_tiff_tags(const ByteReader&);

/// EXIF's Orientation, 1..8, which tells how the camera was held. It is 1,
/// upright, where the block has none or is damaged: the picture is still of
/// use.
int exif_orientation(std::string_view block);

}  // namespace digitorch
