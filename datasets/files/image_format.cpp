#include "datasets/files/image_format.h"

#include <algorithm>
#include <cctype>

#include "datasets/files/decode_bmp.h"
#include "datasets/files/decode_jpeg.h"
#include "datasets/files/decode_png.h"
#include "datasets/files/decode_pnm.h"
#include "datasets/files/decode_tiff.h"
#include "datasets/files/decode_webp.h"

namespace digitorch {
namespace {

/// Bytes that are enough to recognise a file by.
constexpr std::size_t kSignatureBytes = 16;

/// Bytes by which files of a format are recognised.
struct Signature {
  std::string_view bytes;
  std::size_t offset = 0;
};

/// A format that files are recognised as.
struct Format {
  const char* name;
  std::vector<Signature> signatures;   ///< Any of them.
  std::vector<std::string> endings;    ///< Of file names.
  Image (*decode)(const ByteReader&);  ///< Null where it is not supported.
};

const std::vector<Format>& formats() {
  using namespace std::string_view_literals;
  static const std::vector<Format> table = {
      {"PNG", {{"\x89PNG\r\n\x1a\n"sv}}, {".png"}, decode_png},
      {"JPEG",
       {{"\xff\xd8\xff"sv}},
       {".jfif", ".jpe", ".jpeg", ".jpg"},
       decode_jpeg},
      {"BMP", {{"BM"sv}}, {".bmp"}, decode_bmp},
      {"TIFF",
       {{"II*\0"sv}, {"MM\0*"sv}, {"II+\0"sv}, {"MM\0+"sv}},
       {".tif", ".tiff"},
       decode_tiff},
      {"WebP", {{"WEBP"sv, 8}}, {".webp"}, decode_webp},
      {"PNM",
       {{"P1"sv}, {"P2"sv}, {"P3"sv}, {"P4"sv}, {"P5"sv}, {"P6"sv}},
       {".pbm", ".pgm", ".pnm", ".ppm"},
       decode_pnm},
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

bool looks_like_picture(std::string_view bytes) {
  const Format* format = find_format(bytes);
  if (format == nullptr) return false;
  const std::string_view name = format->name;
  // The short signatures are letters: a space or comment follows in PNM, and
  // zeros reserved for programs in BMP.
  if (name == "PNM" || name == "PAM")
    return bytes.size() > 2 &&
           (std::isspace(static_cast<unsigned char>(bytes[2])) != 0 ||
            bytes[2] == '#');
  if (name == "BMP")
    return bytes.size() > 9 &&
           bytes.substr(6, 4) == std::string_view("\0\0\0\0", 4);
  return true;
}

Image decode(ByteReader& bytes) {
  const std::string start =
      bytes.text(0, std::min<uint64_t>(kSignatureBytes, bytes.size()));
  const Format* format = find_format(start);
  if (format == nullptr || format->decode == nullptr)
    bytes.fail(
        start.empty()       ? "an empty file"
        : format == nullptr ? "not a picture digitorch can read"
                            : std::string("unsupported ") + format->name,
        kImageFormats
    );
  bytes.set_format(format->name);
  return format->decode(bytes);
}

}  // namespace digitorch
