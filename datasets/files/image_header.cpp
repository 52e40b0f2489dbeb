#include "datasets/files/image_header.h"

#include <algorithm>

#include "datasets/files/image_header_bmp.h"
#include "datasets/files/image_header_jpeg.h"
#include "datasets/files/image_header_png.h"
#include "datasets/files/image_header_pnm.h"
#include "datasets/files/image_header_tiff.h"
#include "datasets/files/image_header_webp.h"

namespace digitorch {
namespace {

/// Bytes by which files of a format are recognised.
struct Signature {
  std::string_view bytes;
  std::size_t offset = 0;
};

/// A format that files are recognised as.
struct Format {
  const char* name;
  std::vector<Signature> signatures;       ///< Any of them.
  std::vector<std::string> endings;        ///< Of file names.
  ImageHeader (*read)(const ByteReader&);  ///< Null where it is not supported.
};

const std::vector<Format>& formats() {
  using namespace std::string_view_literals;
  static const std::vector<Format> table = {
      {"PNG", {{"\x89PNG\r\n\x1a\n"sv}}, {".png"}, read_png_header},
      {"JPEG", {{"\xff\xd8\xff"sv}}, {".jpeg", ".jpg"}, read_jpeg_header},
      {"BMP", {{"BM"sv}}, {".bmp"}, read_bmp_header},
      {"TIFF", {{"II*\0"sv}, {"MM\0*"sv}}, {".tif", ".tiff"}, read_tiff_header},
      {"WebP", {{"WEBP"sv, 8}}, {".webp"}, read_webp_header},
      {"PNM",
       {{"P1"sv}, {"P2"sv}, {"P3"sv}, {"P4"sv}, {"P5"sv}, {"P6"sv}},
       {".pbm", ".pgm", ".pnm", ".ppm"},
       read_pnm_header},
      {"PAM", {{"P7"sv}}, {}, nullptr},
      {"GIF", {{"GIF8"sv}}, {}, nullptr},
      {"PDF", {{"%PDF"sv}}, {}, nullptr},
      {"HEIC or AVIF", {{"ftyp"sv, 4}}, {}, nullptr},
      {"JPEG 2000", {{"\0\0\0\x0cjP  "sv}}, {}, nullptr},
      {"OpenEXR", {{"\x76\x2f\x31\x01"sv}}, {}, nullptr},
      {"Radiance HDR", {{"#?"sv}}, {}, nullptr}};
  return table;
}

bool has(std::string_view bytes, const Signature& signature) {
  return bytes.size() >= signature.offset &&
         bytes.substr(signature.offset).starts_with(signature.bytes);
}

const Format* find_format(std::string_view bytes) {
  for (const Format& format : formats())
    for (const Signature& signature : format.signatures)
      if (has(bytes, signature)) return &format;
  return nullptr;
}

}  // namespace

const std::vector<std::string>& image_extensions() {
  static const std::vector<std::string> extensions = [] {
    std::vector<std::string> all;
    for (const Format& format : formats())
      all.insert(all.end(), format.endings.begin(), format.endings.end());
    std::sort(all.begin(), all.end());
    return all;
  }();
  return extensions;
}

void check_image_size(const ByteReader& bytes, const ImageHeader& header) {
  const std::string size = std::to_string(header.width) + "x" +
                           std::to_string(header.height) + " pixels";
  if (header.width < 1 || header.height < 1)
    bytes.fail(bytes.format() + " of " + size, "at least 1x1");
  // The product of the sides could overflow; the quotient cannot.
  if (header.width > kMaxPixels / header.height)
    bytes.fail(
        bytes.format() + " of " + size,
        "at most " + std::to_string(kMaxPixels) + " pixels"
    );
}

ImageHeader read_image_header(std::string_view bytes, const std::string& name) {
  const Format* format = find_format(bytes);
  if (bytes.empty() || format == nullptr || format->read == nullptr) {
    const std::string found = bytes.empty() ? "an empty file"
                              : format == nullptr
                                  ? "not a picture digitorch can read"
                                  : std::string("unsupported ") + format->name;
    throw std::runtime_error(
        name + ": " + found + "; expected " + kImageFormats
    );
  }
  const ByteReader reader(bytes, name, format->name);
  ImageHeader header = format->read(reader);
  check_image_size(reader, header);
  return header;
}

}  // namespace digitorch
