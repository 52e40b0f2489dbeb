// What the first directory of a TIFF says of its picture, and its refusals.
#pragma once

#include <tiffio.h>

#include <cstdint>

#include "datasets/files/byte_reader.h"

namespace digitorch {

/// The tags of a picture, with TIFF's defaults.
struct TiffTags {
  uint32_t width = 0;
  uint32_t height = 0;
  uint16_t bits = 1;  // Of a sample.
  uint16_t samples = 1;
  uint16_t sample_format = SAMPLEFORMAT_UINT;
  uint16_t compression = COMPRESSION_NONE;
  uint16_t photometric = PHOTOMETRIC_MINISBLACK;
  uint16_t planes = PLANARCONFIG_CONTIG;
  uint16_t orientation = ORIENTATION_TOPLEFT;
  bool has_alpha = false;
  bool is_tiled = false;
};

/// Samples of a pixel that are its colour: the least there can be of CMYK and
/// such, which libtiff turns into red, green and blue.
int colour_samples(const TiffTags& tags);

/// Throws where the first directory is not whole. libtiff only misses what is
/// behind its entries, the offset of the next one.
void check_directory(const ByteReader& bytes);

/// The tags of the current directory. Throws BadInput where the picture is too
/// large, or of a kind that is not read.
TiffTags read_tags(const ByteReader& bytes, TIFF* tiff);

/// Throws where libtiff would take too much memory for a strip or tile, packed
/// or unpacked, before it takes any.
void check_chunk_sizes(
    const ByteReader& bytes, TIFF* tiff, const TiffTags& tags
);

}  // namespace digitorch
