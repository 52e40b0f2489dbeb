#include "datasets/files/image_header_bmp.h"

#include <cstdlib>

namespace digitorch {

ImageHeader read_bmp_header(const ByteReader& bytes) {
  constexpr std::size_t kInfo = 14;        // offset of the second header
  constexpr uint32_t kOldHeaderSize = 12;  // of OS/2 1.x, with 16-bit sizes
  constexpr uint32_t kPlain = 0;           // kinds of compression
  constexpr uint32_t kBitFields = 3;
  constexpr uint32_t kMaxColours = 256;

  ImageHeader header{.format = bytes.format()};
  const std::size_t pixels = bytes.little(10, 4);
  const std::size_t info_size = bytes.little(kInfo, 4);
  const bool old = info_size == kOldHeaderSize;
  // The height is negative where rows go from top to bottom.
  header.width = old ? int64_t{bytes.little(18, 2)}
                     : static_cast<int32_t>(bytes.little(18, 4));
  header.height =
      old ? int64_t{bytes.little(20, 2)}
          : std::abs(int64_t{static_cast<int32_t>(bytes.little(22, 4))});
  const uint32_t bits = bytes.little(old ? 24 : 28, 2);
  const uint32_t compression = old ? kPlain : bytes.little(30, 4);
  const uint32_t colours_used = old ? 0 : bytes.little(46, 4);
  check_image_size(bytes, header);
  if (compression > kBitFields || bits > 32)
    bytes.fail(
        "unsupported BMP of " + std::to_string(bits) + " bits, compression " +
            std::to_string(compression),
        "at most 32 bits and compression 3"
    );
  if (bits <= 8) {
    if (colours_used > kMaxColours) bytes.fail("BMP of too many colours");
    const std::size_t colours = colours_used ? colours_used : 1U << bits;
    bytes.text(kInfo + info_size, colours * (old ? 3 : 4));
  }
  if (compression == kPlain || compression == kBitFields) {
    const int64_t row = (header.width * bits + 31) / 32 * 4;
    bytes.text(pixels, static_cast<std::size_t>(row * header.height));
  }
  return header;
}

}  // namespace digitorch
