// The decoder paints missing parts grey without an error, so the file is
// walked, marker by marker, to its real end (ITU T.81, annex B). The end marker
// of a thumbnail is inside its segment, which is skipped.
#include "datasets/files/image_header_jpeg.h"

#include "datasets/files/exif.h"

namespace digitorch {
namespace {

constexpr uint32_t kEndOfImage = 0xd9;
constexpr uint32_t kStartOfScan = 0xda;
constexpr uint32_t kApp1 = 0xe1;

// Progressive files have about ten scans. Each takes a pass over the whole
// picture, however few bytes it has.
constexpr int kMaxScans = 100;

// Whether a frame starts: 0xc0..0xcf except Huffman tables, a reserved code and
// arithmetic conditioning.
bool is_frame(uint32_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
         marker != 0xcc;
}

// Whether the code after a 0xff is part of the data of a scan: zero or a
// restart marker.
bool is_data(uint32_t code) {
  return code == 0 || (code >= 0xd0 && code <= 0xd7);
}

// The offset of the code of the first marker from `at` on.
std::size_t next_marker(const ByteReader& bytes, std::size_t at) {
  for (;;) {
    at = bytes.all().find('\xff', at);
    while (bytes.big(at, 1) == 0xff) ++at;  // there may be any number
    if (!is_data(bytes.big(at, 1))) return at;
  }
}

}  // namespace

ImageHeader read_jpeg_header(const ByteReader& bytes) {
  ImageHeader header{.format = bytes.format()};
  int frames = 0;
  int scans = 0;
  for (std::size_t at = 2;;) {
    at = next_marker(bytes, at);
    const uint32_t marker = bytes.big(at, 1);
    if (marker == kEndOfImage) break;
    const std::size_t length = bytes.big(at + 1, 2);
    if (length < 2) bytes.fail("damaged JPEG, a segment of no length");
    const std::string_view segment = bytes.text(at + 3, length - 2);
    if (is_frame(marker)) {
      header.height = bytes.big(at + 4, 2);
      header.width = bytes.big(at + 6, 2);
      ++frames;
    }
    if (marker == kApp1 && segment.starts_with("Exif"))
      header.orientation = exif_orientation(segment);
    if (marker == kStartOfScan && ++scans > kMaxScans)
      bytes.fail(
          "JPEG of more than " + std::to_string(kMaxScans) + " scans",
          "about ten at most"
      );
    at += 1 + length;
  }
  if (frames != 1 || scans == 0)
    bytes.fail(
        "JPEG of " + std::to_string(frames) + " frames and " +
            std::to_string(scans) + " scans",
        "one frame of one scan or more"
    );
  return header;
}

}  // namespace digitorch
