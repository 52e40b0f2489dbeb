// The tags of a TIFF directory, which TIFF files and EXIF metadata share.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

#include "datasets/files/byte_reader.h"

namespace digitorch {

/// The first value of every SHORT and LONG entry of the first directory, by
/// tag (TIFF 6.0, section 2). Throws std::runtime_error where it is cut.
std::map<uint32_t, uint32_t> read_tiff_tags(const ByteReader&);

/// How the camera was held: EXIF's Orientation, 1..8; 1, upright, where the
/// block does not say or is damaged, since a picture is worth more than that.
int exif_orientation(std::string_view block);

}  // namespace digitorch
