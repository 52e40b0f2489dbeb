// Picture files as cv::Mat. Files that a decoder would silently read wrongly
// are refused.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "datasets/files/image.h"

namespace digitorch {

/// Decodes the first page or frame of PNG, JPEG, BMP, TIFF, WebP, PGM, PPM or
/// PBM data, upright as its EXIF orientation asks for. Pictures above
/// kMaxDecodedBytes are made smaller on the way, so that at most 256 MiB are in
/// use. Throws std::runtime_error "<name>: <what was found>; expected <what>"
/// for empty, truncated, oversized or unsupported data, and for all that the
/// decoder warns of. Wrong bits inside a JPEG's coded data are not always
/// noticed, since the format has no checksum.
Image decode_image(std::string_view bytes, const std::string& name);

/// Reads a file by InputFile and decodes it by decode_image(). Throws as both
/// do. The file is read while it is decoded, and never in memory as a whole.
Image read_image(const std::filesystem::path&);

}  // namespace digitorch
