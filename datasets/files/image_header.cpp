#include "datasets/files/image_header.h"

#include <cstdlib>

#include "datasets/files/exif.h"
#include "datasets/files/image_file.h"

namespace digitorch {
namespace {

using Reader = ImageHeader (*)(const ByteReader&);

struct Format {
  std::string_view signature;
  const char* name;
  Reader reader;       // null for formats that are known and not supported
  std::size_t at = 0;  // where the signature stands
};

constexpr std::string_view kExpected = "PNG, JPEG, BMP, TIFF, WebP or PGM";

constexpr Format kFormats[] = {
    {"\x89PNG\r\n\x1a\n", "PNG", read_png_header},
    {"\xff\xd8\xff", "JPEG", read_jpeg_header},
    {"BM", "BMP", read_bmp_header},
    {{"II*\0", 4}, "TIFF", read_tiff_header},
    {{"MM\0*", 4}, "TIFF", read_tiff_header},
    {"WEBP", "WebP", read_webp_header, 8},
    {"P1", "PNM", read_pnm_header},
    {"P2", "PNM", read_pnm_header},
    {"P3", "PNM", read_pnm_header},
    {"P4", "PNM", read_pnm_header},
    {"P5", "PNM", read_pnm_header},
    {"P6", "PNM", read_pnm_header},
    {"P7", "PAM", nullptr},
    {"GIF8", "GIF", nullptr},
    {"%PDF", "PDF", nullptr},
    {"ftyp", "HEIC or AVIF", nullptr, 4},
    {{"\0\0\0\x0cjP  ", 8}, "JPEG 2000", nullptr},
    {"\x76\x2f\x31\x01", "OpenEXR", nullptr},
    {"#?", "Radiance HDR", nullptr},
};

const Format* find_format(std::string_view bytes) {
  for (const Format& format : kFormats)
    if (bytes.size() >= format.at &&
        bytes.substr(format.at).starts_with(format.signature))
      return &format;
  return nullptr;
}

}  // namespace

void check_image_size(const ByteReader& bytes, const ImageHeader& header) {
  const std::string size = std::to_string(header.width) + "x" +
                           std::to_string(header.height) + " pixels";
  if (header.width < 1 || header.height < 1)
    bytes.fail(bytes.format() + " of " + size, "at least 1x1");
  // Divided, so that no product of two sizes overflows.
  if (header.width > kMostPixels / header.height)
    bytes.fail(
        bytes.format() + " of " + size,
        "at most " + std::to_string(kMostPixels) + " pixels"
    );
}

ImageHeader read_image_header(std::string_view bytes, const std::string& name) {
  const Format* format = find_format(bytes);
  if (bytes.empty() || format == nullptr || format->reader == nullptr) {
    const std::string found = bytes.empty() ? "an empty file"
                              : format == nullptr
                                  ? "unsupported, not a known kind of picture"
                                  : std::string("unsupported ") + format->name;
    throw std::runtime_error(
        name + ": " + found + "; expected " + std::string(kExpected)
    );
  }
  const ByteReader reader(bytes, name, format->name);
  ImageHeader header = format->reader(reader);
  check_image_size(reader, header);
  return header;
}

ImageHeader read_bmp_header(const ByteReader& bytes) {
  constexpr std::size_t kInfo = 14;        // where the second header begins
  constexpr uint32_t kOldHeaderSize = 12;  // of OS/2 1.x, with 16-bit sizes
  constexpr uint32_t kPlain = 0;           // kinds of compression
  constexpr uint32_t kBitFields = 3;
  constexpr uint32_t kMostColours = 256;

  ImageHeader header{.format = bytes.format()};
  const std::size_t pixels = bytes.little(10, 4);
  const std::size_t info_size = bytes.little(kInfo, 4);
  const bool old = info_size == kOldHeaderSize;
  // Heights are negative where rows go from top to bottom.
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
    if (colours_used > kMostColours) bytes.fail("BMP of too many colours");
    const std::size_t colours = colours_used ? colours_used : 1U << bits;
    bytes.text(kInfo + info_size, colours * (old ? 3 : 4));
  }
  if (compression == kPlain || compression == kBitFields) {
    const int64_t row = (header.width * bits + 31) / 32 * 4;
    bytes.text(pixels, static_cast<std::size_t>(row * header.height));
  }
  return header;
}

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
  // The decoder turns the picture itself: orientations from 5 on swap its
  // sides.
  ImageHeader header{.format = bytes.format()};
  const bool on_its_side = tags[kOrientation] >= 5 && tags[kOrientation] <= 8;
  header.width = tags[on_its_side ? kHeight : kWidth];
  header.height = tags[on_its_side ? kWidth : kHeight];
  return header;
}

ImageHeader read_webp_header(const ByteReader& bytes) {
  constexpr uint32_t kAnimated = 0x02;
  constexpr std::size_t kDecoderMinimum = 32;  // OpenCV refuses shorter files

  ImageHeader header{.format = bytes.format()};
  bytes.text(8, bytes.little(4, 4));
  bytes.text(0, kDecoderMinimum);
  const std::string_view kind = bytes.text(12, 4);
  if (kind == "VP8X") {
    if (bytes.little(20, 1) & kAnimated)
      bytes.fail("unsupported animated WebP", std::string(kExpected));
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
