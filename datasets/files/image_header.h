// What a picture file says about itself, read and checked before a decoder with
// its own habits sees it: those accept half a JPEG, take gigabytes for a small
// PNG and print to stderr.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "datasets/files/byte_reader.h"

namespace digitorch {

struct ImageHeader {
  std::string format;  ///< "PNG", "JPEG", "BMP", "TIFF", "WebP" or "PNM".
  int64_t width = 0;   ///< Pixels, as the decoder gives them.
  int64_t height = 0;
  int orientation = 1;    ///< EXIF's 1..8 that the decoder will not apply.
  int64_t max_value = 0;  ///< What white is, where a binary PNM says it.
  std::string stripped;   ///< Of a PNG: the file without its metadata.
};

/// Throws std::runtime_error "<name>: <what was found>; expected <what>" for
/// anything but a whole, supported picture of 1 to kMostPixels pixels.
ImageHeader read_image_header(std::string_view bytes, const std::string& name);

/// The readers of single formats; the bytes start with the format's signature.
ImageHeader read_png_header(const ByteReader&);
ImageHeader read_jpeg_header(const ByteReader&);
ImageHeader read_bmp_header(const ByteReader&);
ImageHeader read_tiff_header(const ByteReader&);
ImageHeader read_webp_header(const ByteReader&);
ImageHeader read_pnm_header(const ByteReader&);

/// Throws std::runtime_error where a size is zero or above kMostPixels.
void check_image_size(const ByteReader&, const ImageHeader&);

}  // namespace digitorch
