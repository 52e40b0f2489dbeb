#include "datasets/files/image_header_webp.h"

#include "datasets/files/exif.h"

namespace digitorch {

ImageHeader read_webp_header(const ByteReader& bytes) {
  constexpr uint32_t kAnimated = 0x02;
  constexpr std::size_t kDecoderMinimum = 32;  // OpenCV refuses shorter files

  ImageHeader header{.format = bytes.format()};
  bytes.text(8, bytes.little(4, 4));
  bytes.text(0, kDecoderMinimum);
  const std::string_view kind = bytes.text(12, 4);
  if (kind == "VP8X") {
    if (bytes.little(20, 1) & kAnimated)
      bytes.fail("unsupported animated WebP", kImageFormats);
    header.width = 1 + int64_t{bytes.little(24, 3)};
    header.height = 1 + int64_t{bytes.little(27, 3)};
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
      const std::size_t length = bytes.little(at + 4, 4);
      if (bytes.text(at, 4) == "EXIF")
        header.orientation = exif_orientation(bytes.text(at + 8, length));
      at += 8 + length + length % 2;
    }
  } else if (kind == "VP8L") {
    const uint32_t sizes = bytes.little(21, 4);  // 14 bits each
    header.width = 1 + (sizes & 0x3fff);
    header.height = 1 + (sizes >> 14 & 0x3fff);
  } else {
    header.width = bytes.little(26, 2) & 0x3fff;
    header.height = bytes.little(28, 2) & 0x3fff;
  }
  return header;
}

}  // namespace digitorch
