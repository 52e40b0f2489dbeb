// Every chunk's checksum is verified, and chunks that the picture does not need
// are left out: texts and colour profiles can be huge, and libpng prints
// warnings about them to stderr.
#include "datasets/files/image_header_png.h"

#include <zlib.h>

#include "datasets/files/exif.h"

namespace digitorch {
namespace {

constexpr std::size_t kSignatureSize = 8;
constexpr std::size_t kAroundData = 12;  // length, type and checksum

uint32_t checksum(std::string_view bytes) {
  return static_cast<uint32_t>(crc32(
      0,
      reinterpret_cast<const Bytef*>(bytes.data()),
      static_cast<uInt>(bytes.size())
  ));
}

bool is_needed(std::string_view type) {
  return type == "IHDR" || type == "PLTE" || type == "tRNS" || type == "IDAT" ||
         type == "IEND";
}

}  // namespace

ImageHeader read_png_header(const ByteReader& bytes) {
  ImageHeader header{.format = bytes.format()};
  header.width = bytes.big(16, 4);
  header.height = bytes.big(20, 4);
  if (bytes.text(12, 4) != "IHDR") bytes.fail("damaged PNG, no header");
  check_image_size(bytes, header);

  header.stripped = bytes.text(0, kSignatureSize);
  std::string_view type;
  for (std::size_t at = kSignatureSize; type != "IEND";) {
    const std::size_t length = bytes.big(at, 4);
    const std::string_view chunk = bytes.text(at, length + kAroundData);
    type = chunk.substr(4, 4);
    if (checksum(chunk.substr(4, length + 4)) != bytes.big(at + 8 + length, 4))
      bytes.fail(
          "damaged PNG, wrong checksum at byte " + std::to_string(at),
          "the file as it was written"
      );
    if (is_needed(type)) header.stripped += chunk;
    if (type == "eXIf")
      header.orientation = exif_orientation(chunk.substr(8, length));
    at += chunk.size();
  }
  return header;
}

}  // namespace digitorch
