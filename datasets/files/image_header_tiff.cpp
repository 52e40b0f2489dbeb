#include "datasets/files/image_header_tiff.h"

#include "datasets/files/exif.h"

namespace digitorch {

ImageHeader read_tiff_header(const ByteReader& bytes) {
  constexpr uint32_t kWidth = 256;
  constexpr uint32_t kHeight = 257;
  constexpr uint32_t kBitsPerSample = 258;
  constexpr uint32_t kOrientation = 274;
  constexpr uint32_t kSampleFormat = 339;

  auto tags = read_tiff_tags(bytes);
  const uint32_t bits =
      tags.contains(kBitsPerSample) ? tags[kBitsPerSample] : 1;
  const uint32_t kind = tags.contains(kSampleFormat) ? tags[kSampleFormat] : 1;
  if (kind != 1 || bits > 16)
    bytes.fail(
        "unsupported TIFF of " + std::to_string(bits) + "-bit " +
            (kind == 3   ? "floating-point"
             : kind == 1 ? "unsigned"
                         : "signed") +
            " samples",
        "unsigned samples of 1 to 16 bits"
    );
  // The decoder turns the picture itself, and orientations from 5 on swap its
  // sides.
  ImageHeader header{.format = bytes.format()};
  const bool on_its_side = tags[kOrientation] >= 5 && tags[kOrientation] <= 8;
  header.width = tags[on_its_side ? kHeight : kWidth];
  header.height = tags[on_its_side ? kWidth : kHeight];
  return header;
}

}  // namespace digitorch
