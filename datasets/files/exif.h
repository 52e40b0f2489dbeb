// What a picture's EXIF metadata says, which is laid out as a TIFF is.
#pragma once

#include <string_view>

namespace digitorch {

/// EXIF's Orientation, 1..8, which tells how the camera was held. It is 1,
/// upright, where the block has none or is damaged: the picture is still of
/// use.
int exif_orientation(std::string_view block);

}  // namespace digitorch
