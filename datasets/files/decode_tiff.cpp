#include "datasets/files/decode_tiff.h"

#include <tiffio.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "datasets/files/row_reducer.h"
#include "datasets/files/tiff_reader.h"
#include "datasets/files/tiff_tags.h"

namespace digitorch {
namespace {

bool is_plain(const TiffTags& tags) {
  const bool is_known = tags.photometric == PHOTOMETRIC_RGB ||
                        tags.photometric == PHOTOMETRIC_MINISBLACK ||
                        tags.photometric == PHOTOMETRIC_MINISWHITE;
  return is_known && !tags.is_tiled && tags.samples >= colour_samples(tags) &&
         (tags.planes == PLANARCONFIG_CONTIG || tags.samples == 1);
}

// Turns a row of samples as libtiff gives them into pixels of 8 or 16 bits.
template <typename T>
void store_row(const TiffTags& tags, const uint8_t* row, int channels, T* to) {
  const uint32_t maximum = (1U << tags.bits) - 1;
  constexpr uint32_t kMaximum = sizeof(T) == 1 ? 255 : 65535;
  const bool is_colour = tags.photometric == PHOTOMETRIC_RGB;
  const bool is_inverted = tags.photometric == PHOTOMETRIC_MINISWHITE;
  const auto sample = [&](std::size_t i) -> uint32_t {
    if (tags.bits == 8) return row[i];
    if (tags.bits == 16) return reinterpret_cast<const uint16_t*>(row)[i];
    // Packed, the highest bit first; a sample has a part of three bytes.
    const std::size_t bit = i * tags.bits;
    const uint8_t* at = row + bit / 8;
    const uint32_t three = at[0] << 16 | at[1] << 8 | at[2];
    return three >> (24 - tags.bits - bit % 8) & maximum;
  };
  const auto scaled = [&](uint32_t value) {
    return static_cast<T>((value * uint64_t{kMaximum} + maximum / 2) / maximum);
  };
  for (std::size_t x = 0; x < tags.width; ++x) {
    const std::size_t first = x * tags.samples;
    for (int c = 0; c < std::min(channels, 3); ++c) {
      const std::size_t colour = is_colour ? 2 - c : 0;
      const uint32_t value = sample(first + colour);
      *to++ = scaled(is_inverted ? maximum - value : value);
    }
    if (channels == 4) *to++ = scaled(sample(first + (is_colour ? 3 : 1)));
  }
}

// Rows of grey or of red, green and blue.
Image read_plain(const TiffReader& tiff, const TiffTags& tags) {
  const bool is_deep = tags.bits > 8;
  const int channels = tags.has_alpha                        ? 4
                       : tags.photometric == PHOTOMETRIC_RGB ? 3
                                                             : 1;
  RowReducer picture(
      cv::Size(static_cast<int>(tags.width), static_cast<int>(tags.height)),
      CV_MAKETYPE(is_deep ? CV_16U : CV_8U, channels)
  );
  // Two bytes more, since samples are taken from three.
  std::vector<uint8_t> row(TIFFScanlineSize64(tiff.get()) + 2);
  for (uint32_t y = 0; y < tags.height; ++y) {
    tiff.check(TIFFReadScanline(tiff.get(), row.data(), y) == 1);
    if (is_deep)
      store_row(
          tags, row.data(), channels, reinterpret_cast<uint16_t*>(picture.row())
      );
    else
      store_row(tags, row.data(), channels, picture.row());
    picture.next();
  }
  return picture.take();
}

// libtiff's conversion of all that TIFF has to 8 bits of red, green, blue and
// alpha, a band of strips or tiles at a time.
class TiffColours {
 public:
  TiffColours(const ByteReader& bytes, const TiffReader& tiff)
      : bytes_(bytes), tiff_(tiff) {
    std::array<char, 1024> message{};
    if (TIFFRGBAImageOK(tiff.get(), message.data()) == 0 ||
        TIFFRGBAImageBegin(&colours_, tiff.get(), 1, message.data()) == 0)
      bytes.fail(
          "unsupported TIFF (" + std::string(message.data()) + ")",
          "grey, colours or a palette"
      );
    colours_.req_orientation = colours_.orientation;
  }
  ~TiffColours() { TIFFRGBAImageEnd(&colours_); }
  TiffColours(const TiffColours&) = delete;
  TiffColours& operator=(const TiffColours&) = delete;

  Image read(const TiffTags& tags) {
    const int channels = colours_.alpha != 0 ? 4 : 3;
    const uint32_t band = band_of(tags);
    check_decoder_bytes(
        bytes_,
        tags.is_tiled ? "row of tiles" : "strip",
        uint64_t{4} * tags.width * band +
            (tags.is_tiled ? 0 : 2 * TIFFStripSize64(tiff_.get()))
    );
    RowReducer picture(
        cv::Size(static_cast<int>(tags.width), static_cast<int>(tags.height)),
        CV_MAKETYPE(CV_8U, channels)
    );
    std::vector<uint32_t> pixels(std::size_t{band} * tags.width);
    for (uint32_t y = 0; y < tags.height; y += band) {
      const uint32_t rows = std::min(band, tags.height - y);
      colours_.row_offset = static_cast<int>(y);
      tiff_.check(
          TIFFRGBAImageGet(&colours_, pixels.data(), tags.width, rows) == 1
      );
      for (uint32_t row = 0; row < rows; ++row) {
        store(
            &pixels[std::size_t{row} * tags.width],
            tags.width,
            channels,
            picture.row()
        );
        picture.next();
      }
    }
    return picture.take();
  }

 private:
  // Rows that are unpacked at once.
  uint32_t band_of(const TiffTags& tags) const {
    uint32_t rows = tags.height;
    if (tags.is_tiled)
      TIFFGetField(tiff_.get(), TIFFTAG_TILELENGTH, &rows);
    else
      TIFFGetFieldDefaulted(tiff_.get(), TIFFTAG_ROWSPERSTRIP, &rows);
    return std::clamp(rows, 1U, tags.height);
  }

  static void store(
      const uint32_t* from, uint32_t width, int channels, uint8_t* to
  ) {
    for (uint32_t x = 0; x < width; ++x) {
      *to++ = static_cast<uint8_t>(TIFFGetB(from[x]));
      *to++ = static_cast<uint8_t>(TIFFGetG(from[x]));
      *to++ = static_cast<uint8_t>(TIFFGetR(from[x]));
      if (channels == 4) *to++ = static_cast<uint8_t>(TIFFGetA(from[x]));
    }
  }

  const ByteReader& bytes_;
  const TiffReader& tiff_;
  TIFFRGBAImage colours_{};
};

// Whether another page follows that is not the first made small, nor a mask.
bool has_another_page(TIFF* tiff) {
  if (TIFFReadDirectory(tiff) == 0) return false;
  uint32_t kind = 0;
  TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &kind);
  return (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0;
}

}  // namespace

Image decode_tiff(const ByteReader& bytes) {
  check_directory(bytes);
  const TiffReader tiff(bytes);
  const TiffTags tags = read_tags(bytes, tiff.get());
  check_chunk_sizes(bytes, tiff.get(), tags);
  Image image = is_plain(tags) ? read_plain(tiff, tags)
                               : TiffColours(bytes, tiff).read(tags);
  tiff.check(true);
  image.orientation = tags.orientation;
  image.has_more = has_another_page(tiff.get());
  return image;
}

}  // namespace digitorch
