// What a picture file says about itself, read and checked before a decoder sees
// it: decoders accept half a JPEG, take gigabytes for a small PNG and print to
// stderr.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/files/byte_reader.h"

namespace digitorch {

/// The supported formats, as messages name them.
inline constexpr const char* kImageFormats =
    "PNG, JPEG, BMP, TIFF, WebP or PGM";

struct ImageHeader {
  std::string format;     ///< "PNG", "JPEG", "BMP", "TIFF", "WebP" or "PNM".
  int64_t width = 0;      ///< Pixels, as the decoder gives them.
  int64_t height = 0;     ///< Pixels, as the decoder gives them.
  int orientation = 1;    ///< EXIF's 1..8, where the decoder does not apply it.
  int64_t max_value = 0;  ///< The value of white in a binary PNM; otherwise 0.
  std::string stripped;   ///< A PNG without its metadata; otherwise empty.
};

/// Reads the header of a picture in any of the formats. Throws
/// std::runtime_error "<name>: <what was found>; expected <what>" for anything
/// but a whole, supported picture of 1 to kMaxPixels pixels.
ImageHeader read_image_header(std::string_view bytes, const std::string& name);

/// Whether the bytes begin as a picture's do, also one of a format that is
/// known and not supported. Text that happens to begin as one, such as
/// "P1.png", does not.
bool looks_like_picture(std::string_view bytes);

/// Endings of the formats' file names, lower case, with the dot, sorted.
const std::vector<std::string>& image_extensions();

/// One ending of each format, by which OpenCV knows it.
std::vector<std::string> main_extensions();

/// Larger pictures are refused from their header, before memory is taken.
inline constexpr int64_t kMaxPixels = 64'000'000;

/// Throws std::runtime_error where a side is zero or there are more pixels than
/// kMaxPixels.
void check_image_size(const ByteReader&, const ImageHeader&);

}  // namespace digitorch
