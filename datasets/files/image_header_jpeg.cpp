// JPEG: the decoder paints what is missing grey without a word, so the file is
// walked, marker by marker, to its real end (ITU T.81, annex B). The end marker
// of a thumbnail lies inside its segment and is stepped over.
#include "datasets/files/exif.h"
#include "datasets/files/image_header.h"

namespace digitorch {
namespace {

constexpr uint32_t kEndOfImage = 0xd9;
constexpr uint32_t kStartOfScan = 0xda;
constexpr uint32_t kApp1 = 0xe1;

// Progressive files have about ten; each costs a pass over the whole picture,
// however few bytes it has.
constexpr int kMostScans = 100;

// Start of frame: 0xc0..0xcf but for Huffman tables, a reserved code and
// arithmetic conditioning.
bool is_frame(uint32_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
         marker != 0xcc;
}

// Inside the data of a scan a 0xff is followed by zero or a restart marker.
bool is_data(uint32_t code) {
  return code == 0 || (code >= 0xd0 && code <= 0xd7);
}

// Where the code of the next marker stands, from `at` on.
std::size_t next_marker(const ByteReader& bytes, std::size_t at) {
  for (;;) {
    at = bytes.all().find('\xff', at);
    while (bytes.big(at, 1) == 0xff) ++at;  // any number of them may stand
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
    if (marker == kStartOfScan && ++scans > kMostScans)
      bytes.fail(
          "JPEG of more than " + std::to_string(kMostScans) + " scans",
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
