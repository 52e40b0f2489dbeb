// Picture files -> cv::Mat, refusing what a decoder would silently get wrong.
#pragma once

#include <filesystem>
#include <opencv2/core.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace digitorch {

/// Larger pictures are refused from their header, before memory is taken.
inline constexpr int64_t kMostPixels = 64'000'000;

/// Endings of the formats read, lower case, with the dot.
const std::vector<std::string>& image_extensions();

/// Decodes PNG, JPEG, BMP, TIFF, WebP, PGM/PPM/PBM: the first page or frame.
/// Returns 1, 3 (BGR) or 4 (BGRA) channels of 8 or 16 bits, EXIF rotation
/// applied. Throws std::runtime_error "<name>: <what was found>; expected
/// <what>" for empty, truncated (JPEG too), oversized or unsupported data.
/// Wrong bits inside a JPEG's coded data go unseen: the format has no checksum.
cv::Mat decode_image(std::string_view bytes, const std::string& name);

/// read_file, then decode_image.
cv::Mat read_image(const std::filesystem::path&);

}  // namespace digitorch
