#include "datasets/files/tiff_tags.h"

#include <algorithm>
#include <array>
#include <string>

#include "datasets/files/image.h"

namespace digitorch {
namespace {

// Whether the first sample behind the colours is alpha. Throws where pixels
// have fewer samples than their colours and these: libtiff takes any number of
// them, and its rows would end early.
bool read_has_alpha(const ByteReader& bytes, TIFF* tiff, const TiffTags& tags) {
  uint16_t more = 0;
  uint16_t* kinds = nullptr;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &more, &kinds);
  if (tags.samples < colour_samples(tags) + more)
    bytes.fail(
        "TIFF of " + std::to_string(tags.samples) + " samples a pixel",
        std::to_string(colour_samples(tags)) + " of colour and " +
            std::to_string(more) + " more, as its header says"
    );
  return more > 0 && kinds[0] != EXTRASAMPLE_UNSPECIFIED;
}

// Compressions that are unpacked row by row; others unpack a strip at once.
bool is_by_rows(const TiffTags& tags) {
  constexpr std::array kCompressions{
      COMPRESSION_NONE,
      COMPRESSION_CCITTRLE,
      COMPRESSION_CCITTFAX3,
      COMPRESSION_CCITTFAX4,
      COMPRESSION_LZW,
      COMPRESSION_JPEG,
      COMPRESSION_ADOBE_DEFLATE,
      COMPRESSION_CCITTRLEW,
      COMPRESSION_PACKBITS,
      COMPRESSION_DEFLATE,
      COMPRESSION_LZMA,
      COMPRESSION_ZSTD};
  return std::ranges::find(kCompressions, tags.compression) !=
         kCompressions.end();
}

}  // namespace

int colour_samples(const TiffTags& tags) {
  return tags.photometric == PHOTOMETRIC_RGB ? 3 : 1;
}

void check_directory(const ByteReader& bytes) {
  const bool little = bytes.text(0, 2) == "II";
  const auto number = [&](uint64_t at, std::size_t count) {
    return little ? bytes.little(at, count) : bytes.big(at, count);
  };
  if (number(2, 2) != 42) return;  // BigTIFF, whose numbers have 64 bits
  const uint64_t directory = number(4, 4);
  bytes.require(directory, 2 + 12 * uint64_t{number(directory, 2)} + 4);
}

TiffTags read_tags(const ByteReader& bytes, TIFF* tiff) {
  TiffTags tags;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &tags.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &tags.height);
  check_image_size(bytes, tags.width, tags.height);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &tags.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &tags.samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &tags.sample_format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &tags.compression);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &tags.photometric);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &tags.planes);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &tags.orientation);
  tags.has_alpha = read_has_alpha(bytes, tiff, tags);
  tags.is_tiled = TIFFIsTiled(tiff) != 0;
  if (tags.sample_format != SAMPLEFORMAT_UINT || tags.bits < 1 ||
      tags.bits > 16)
    bytes.fail(
        "unsupported TIFF of " + std::to_string(tags.bits) + "-bit " +
            (tags.sample_format == SAMPLEFORMAT_IEEEFP ? "floating-point"
             : tags.sample_format == SAMPLEFORMAT_UINT ? "unsigned"
                                                       : "signed") +
            " samples",
        "unsigned samples of 1 to 16 bits"
    );
  if (TIFFIsCODECConfigured(tags.compression) == 0)
    bytes.fail(
        "unsupported TIFF, compression " + std::to_string(tags.compression),
        "one that libtiff unpacks, such as LZW"
    );
  // Has libtiff turn its colours into red, green and blue.
  if (tags.compression == COMPRESSION_JPEG &&
      tags.photometric == PHOTOMETRIC_YCBCR) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    tags.photometric = PHOTOMETRIC_RGB;
  }
  return tags;
}

void check_chunk_sizes(
    const ByteReader& bytes, TIFF* tiff, const TiffTags& tags
) {
  if (tags.is_tiled) {
    check_decoder_bytes(bytes, "tile", 2 * TIFFTileSize64(tiff));
    return;
  }
  check_decoder_bytes(bytes, "row", 4 * TIFFScanlineSize64(tiff));
  check_decoder_bytes(bytes, "strip", TIFFRawStripSize64(tiff, 0));
  if (!is_by_rows(tags))
    check_decoder_bytes(bytes, "strip", 2 * TIFFStripSize64(tiff));
}

}  // namespace digitorch
