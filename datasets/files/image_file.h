// Picture files as cv::Mat. Files that a decoder would silently read wrongly
// are refused.
#pragma once

#include <filesystem>
#include <opencv2/core.hpp>
#include <string>
#include <string_view>

namespace digitorch {

/// Decodes the first page or frame of PNG, JPEG, BMP, TIFF, WebP, PGM, PPM or
/// PBM data. Returns 1, 3 (BGR) or 4 (BGRA) channels of 8 or 16 bits, with the
/// EXIF orientation applied. Throws std::runtime_error "<name>: <what was
/// found>; expected <what>" for empty, truncated, oversized or unsupported
/// data. Wrong bits inside a JPEG's coded data are not noticed, since the
/// format has no checksum.
cv::Mat decode_image(std::string_view bytes, const std::string& name);

/// Larger files hold no picture of at most kMaxPixels in 16-bit colour with
/// alpha.
inline constexpr std::size_t kMaxImageBytes = 513'000'000;

/// Reads a file by read_file() and decodes it by decode_image(). Throws as both
/// do.
cv::Mat read_image(const std::filesystem::path&);

}  // namespace digitorch
