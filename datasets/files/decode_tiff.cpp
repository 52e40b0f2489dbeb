#include "datasets/files/decode_tiff.h"

#include <tiffio.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "datasets/files/row_reducer.h"

namespace digitorch {
namespace {

// What a directory says of the picture, with TIFF's defaults.
struct TiffTags {
  uint32_t width = 0;
  uint32_t height = 0;
  uint16_t bits = 1;  // Of a sample.
  uint16_t samples = 1;
  uint16_t kind = SAMPLEFORMAT_UINT;
  uint16_t compression = COMPRESSION_NONE;
  uint16_t meaning = PHOTOMETRIC_MINISBLACK;
  uint16_t planes = PLANARCONFIG_CONTIG;
  uint16_t orientation = ORIENTATION_TOPLEFT;
  bool has_alpha = false;
  bool is_tiled = false;
};

// Samples of a pixel that are its colour: of CMYK and such, which libtiff turns
// into red, green and blue, the least there can be.
int colours(const TiffTags& tags) {
  return tags.meaning == PHOTOMETRIC_RGB ? 3 : 1;
}

// An open TIFF. libtiff's words about it are kept, not printed.
class TiffReader {
 public:
  explicit TiffReader(const ByteReader& bytes) : bytes_(bytes) {
    [[maybe_unused]] static const bool once = [] {
      TIFFSetErrorHandler(nullptr);
      TIFFSetWarningHandler(nullptr);
      TIFFSetErrorHandlerExt(on_complaint);
      TIFFSetWarningHandlerExt(on_complaint);
      return true;
    }();
    listener_ = this;
    tiff_ = TIFFClientOpen(
        "",
        "rm",
        this,
        on_read,
        on_write,
        on_seek,
        on_close,
        on_size,
        nullptr,
        nullptr
    );
    if (tiff_ == nullptr) {
      listener_ = nullptr;
      fail();
    }
    // Unknown tags are no damage, and directories that contradict themselves
    // show when their pixels are read.
    complaint_.clear();
  }
  ~TiffReader() {
    TIFFClose(tiff_);
    listener_ = nullptr;
  }
  TiffReader(const TiffReader&) = delete;
  TiffReader& operator=(const TiffReader&) = delete;

  TIFF* get() const { return tiff_; }

  // Throws where libtiff has complained since it was opened, or `ok` is false.
  void check(bool ok) const {
    if (!ok || !complaint_.empty() || thrown_) fail();
  }

  [[noreturn]] void fail() const {
    if (thrown_) std::rethrow_exception(thrown_);
    bytes_.fail_damaged(
        complaint_.empty() ? "libtiff cannot read it" : complaint_
    );
  }

 private:
  static void on_complaint(
      thandle_t, const char*, const char* format, va_list values
  ) {
    if (listener_ == nullptr || !listener_->complaint_.empty()) return;
    std::array<char, 256> text{};
    std::vsnprintf(text.data(), text.size(), format, values);
    listener_->complaint_ = text.data();
  }

  static tmsize_t on_read(thandle_t file, void* to, tmsize_t count) {
    auto& self = *static_cast<TiffReader*>(file);
    try {
      const std::size_t got =
          self.bytes_.read(self.at_, to, static_cast<std::size_t>(count));
      self.at_ += got;
      return static_cast<tmsize_t>(got);
    } catch (...) {
      self.thrown_ = std::current_exception();
      return 0;
    }
  }

  static tmsize_t on_write(thandle_t, void*, tmsize_t) { return 0; }

  static toff_t on_seek(thandle_t file, toff_t offset, int from) {
    auto& self = *static_cast<TiffReader*>(file);
    self.at_ = offset + (from == SEEK_CUR   ? self.at_
                         : from == SEEK_END ? self.bytes_.size()
                                            : 0);
    return self.at_;
  }

  static int on_close(thandle_t) { return 0; }

  static toff_t on_size(thandle_t file) {
    return static_cast<TiffReader*>(file)->bytes_.size();
  }

  // libtiff's handlers are the process's; each thread reads one file at a time.
  static inline thread_local TiffReader* listener_ = nullptr;

  const ByteReader& bytes_;
  TIFF* tiff_ = nullptr;
  uint64_t at_ = 0;
  std::string complaint_;
  std::exception_ptr thrown_;
};

// Throws where the first directory is not whole. libtiff only misses what is
// behind its entries, the offset of the next one.
void check_directory(const ByteReader& bytes) {
  const bool little = bytes.text(0, 2) == "II";
  const auto number = [&](uint64_t at, std::size_t count) {
    return little ? bytes.little(at, count) : bytes.big(at, count);
  };
  if (number(2, 2) != 42) return;  // BigTIFF, whose numbers have 64 bits
  const uint64_t directory = number(4, 4);
  bytes.require(directory, 2 + 12 * uint64_t{number(directory, 2)} + 4);
}

// Whether the first sample behind the colours is alpha. Throws where pixels
// have fewer samples than their colours and these: libtiff takes any number of
// them, and its rows would end early.
bool read_has_alpha(const ByteReader& bytes, TIFF* tiff, const TiffTags& tags) {
  uint16_t more = 0;
  uint16_t* kinds = nullptr;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &more, &kinds);
  if (tags.samples < colours(tags) + more)
    bytes.fail(
        "TIFF of " + std::to_string(tags.samples) + " samples a pixel",
        std::to_string(colours(tags)) + " of colour and " +
            std::to_string(more) + " more, as its header says"
    );
  return more > 0 && kinds[0] != EXTRASAMPLE_UNSPECIFIED;
}

TiffTags read_tags(const ByteReader& bytes, TIFF* tiff) {
  TiffTags tags;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &tags.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &tags.height);
  check_image_size(bytes, tags.width, tags.height);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &tags.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &tags.samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &tags.kind);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &tags.compression);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &tags.meaning);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &tags.planes);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &tags.orientation);
  tags.has_alpha = read_has_alpha(bytes, tiff, tags);
  tags.is_tiled = TIFFIsTiled(tiff) != 0;
  if (tags.kind != SAMPLEFORMAT_UINT || tags.bits < 1 || tags.bits > 16)
    bytes.fail(
        "unsupported TIFF of " + std::to_string(tags.bits) + "-bit " +
            (tags.kind == SAMPLEFORMAT_IEEEFP ? "floating-point"
             : tags.kind == SAMPLEFORMAT_UINT ? "unsigned"
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
      tags.meaning == PHOTOMETRIC_YCBCR) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    tags.meaning = PHOTOMETRIC_RGB;
  }
  return tags;
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

// Before libtiff takes memory for a strip or tile, packed and unpacked.
void check_pieces(const ByteReader& bytes, TIFF* tiff, const TiffTags& tags) {
  if (tags.is_tiled) {
    check_decoder_bytes(bytes, "tile", 2 * TIFFTileSize64(tiff));
    return;
  }
  check_decoder_bytes(bytes, "row", 4 * TIFFScanlineSize64(tiff));
  check_decoder_bytes(bytes, "strip", TIFFRawStripSize64(tiff, 0));
  if (!is_by_rows(tags))
    check_decoder_bytes(bytes, "strip", 2 * TIFFStripSize64(tiff));
}

bool is_plain(const TiffTags& tags) {
  const bool is_known = tags.meaning == PHOTOMETRIC_RGB ||
                        tags.meaning == PHOTOMETRIC_MINISBLACK ||
                        tags.meaning == PHOTOMETRIC_MINISWHITE;
  return is_known && !tags.is_tiled && tags.samples >= colours(tags) &&
         (tags.planes == PLANARCONFIG_CONTIG || tags.samples == 1);
}

// Turns a row of samples as libtiff gives them into pixels of 8 or 16 bits.
template <typename T>
void store_row(const TiffTags& tags, const uint8_t* row, int channels, T* to) {
  const uint32_t most = (1U << tags.bits) - 1;
  constexpr uint32_t kMost = sizeof(T) == 1 ? 255 : 65535;
  const bool is_colour = tags.meaning == PHOTOMETRIC_RGB;
  const bool is_inverted = tags.meaning == PHOTOMETRIC_MINISWHITE;
  const auto sample = [&](std::size_t i) -> uint32_t {
    if (tags.bits == 8) return row[i];
    if (tags.bits == 16) return reinterpret_cast<const uint16_t*>(row)[i];
    // Packed, the highest bit first; a sample has a part of three bytes.
    const std::size_t bit = i * tags.bits;
    const uint8_t* at = row + bit / 8;
    const uint32_t three = at[0] << 16 | at[1] << 8 | at[2];
    return three >> (24 - tags.bits - bit % 8) & most;
  };
  const auto scaled = [&](uint32_t value) {
    return static_cast<T>((value * uint64_t{kMost} + most / 2) / most);
  };
  for (std::size_t x = 0; x < tags.width; ++x) {
    const std::size_t first = x * tags.samples;
    for (int c = 0; c < std::min(channels, 3); ++c) {
      const std::size_t colour = is_colour ? 2 - c : 0;
      const uint32_t value = sample(first + colour);
      *to++ = scaled(is_inverted ? most - value : value);
    }
    if (channels == 4) *to++ = scaled(sample(first + (is_colour ? 3 : 1)));
  }
}

// Rows of grey or of red, green and blue.
Image read_plain(const TiffReader& tiff, const TiffTags& tags) {
  const bool is_deep = tags.bits > 8;
  const int channels = tags.has_alpha                    ? 4
                       : tags.meaning == PHOTOMETRIC_RGB ? 3
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
    std::array<char, 1024> words{};
    if (TIFFRGBAImageOK(tiff.get(), words.data()) == 0 ||
        TIFFRGBAImageBegin(&colours_, tiff.get(), 1, words.data()) == 0)
      bytes.fail(
          "unsupported TIFF (" + std::string(words.data()) + ")",
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
  check_pieces(bytes, tiff.get(), tags);
  Image image = is_plain(tags) ? read_plain(tiff, tags)
                               : TiffColours(bytes, tiff).read(tags);
  tiff.check(true);
  image.orientation = tags.orientation;
  image.has_more = has_another_page(tiff.get());
  return image;
}

}  // namespace digitorch
