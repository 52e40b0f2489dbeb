#include "datasets/files/decode_bmp.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <vector>

#include "datasets/files/row_reducer.h"

namespace digitorch {
namespace {

constexpr uint64_t kInfo = 14;           // offset of the second header
constexpr uint32_t kOldHeaderSize = 12;  // of OS/2 1.x, with 16-bit sizes
constexpr uint32_t kHeaderSizeWithAlpha = 56;
constexpr uint32_t kMaxColours = 256;

// Kinds of compression.
constexpr uint32_t kPlain = 0;
constexpr uint32_t kRuns8 = 1;
constexpr uint32_t kRuns4 = 2;
constexpr uint32_t kBitFields = 3;

struct Bmp {
  uint64_t pixels = 0;  // Offset.
  uint32_t info_size = 0;
  int width = 0;
  int height = 0;
  bool is_upright = false;  // The top row comes first.
  uint32_t bits = 0;        // Of a pixel.
  uint32_t compression = 0;
  std::vector<std::array<uint8_t, 3>> palette;  // Blue, green, red.
  std::array<uint32_t, 4> masks{};  // Of blue, green, red, alpha; 0: none.

  bool is_old() const { return info_size == kOldHeaderSize; }
  bool is_runs() const {
    return compression == kRuns8 || compression == kRuns4;
  }
  uint64_t row_bytes() const { return (uint64_t{bits} * width + 31) / 32 * 4; }
};

bool is_grey(const Bmp& bmp) {
  for (const auto& [blue, green, red] : bmp.palette)
    if (blue != green || green != red) return false;
  return !bmp.palette.empty();
}

int channels_of(const Bmp& bmp) {
  if (bmp.bits <= 8) return is_grey(bmp) ? 1 : 3;
  return bmp.masks[3] != 0 ? 4 : 3;
}

void read_palette(const ByteReader& bytes, Bmp& bmp) {
  const uint32_t used = bmp.is_old() ? 0 : bytes.little(46, 4);
  if (used > kMaxColours) bytes.fail("BMP of too many colours");
  const std::size_t colours = used != 0 ? used : std::size_t{1} << bmp.bits;
  const std::size_t entry = bmp.is_old() ? 3 : 4;
  const std::string text = bytes.text(kInfo + bmp.info_size, colours * entry);
  // Numbers beyond its end are black.
  bmp.palette.resize(std::max<std::size_t>(colours, 1U << bmp.bits));
  for (std::size_t i = 0; i < colours; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      bmp.palette[i][c] = static_cast<uint8_t>(text[i * entry + c]);
}

void read_masks(const ByteReader& bytes, Bmp& bmp) {
  bmp.masks = {0xff, 0xff00, 0xff0000, 0};
  if (bmp.bits == 16) bmp.masks = {0x1f, 0x3e0, 0x7c00, 0};
  if (bmp.compression != kBitFields) return;
  for (uint32_t i = 0; i < 3; ++i)  // red comes first in the file
    bmp.masks[i] = bytes.little(kInfo + 40 + 4 * (2 - i), 4);
  if (bmp.info_size >= kHeaderSizeWithAlpha)
    bmp.masks[3] = bytes.little(kInfo + 52, 4);
}

Bmp read_bmp_header(const ByteReader& bytes) {
  Bmp bmp{.pixels = bytes.little(10, 4), .info_size = bytes.little(kInfo, 4)};
  // The height is negative where rows go from top to bottom.
  const int64_t width = bmp.is_old()
                            ? int64_t{bytes.little(18, 2)}
                            : static_cast<int32_t>(bytes.little(18, 4));
  const int64_t height = bmp.is_old()
                             ? int64_t{bytes.little(20, 2)}
                             : static_cast<int32_t>(bytes.little(22, 4));
  check_image_size(bytes, width, std::abs(height));
  bmp.width = static_cast<int>(width);
  bmp.height = static_cast<int>(std::abs(height));
  bmp.is_upright = height < 0;
  bmp.bits = bytes.little(bmp.is_old() ? 24 : 28, 2);
  bmp.compression = bmp.is_old() ? kPlain : bytes.little(30, 4);
  const auto is_any_of = [](uint32_t value, std::vector<uint32_t> values) {
    return std::ranges::find(values, value) != values.end();
  };
  const bool is_known =
      bmp.compression == kPlain ? is_any_of(bmp.bits, {1, 4, 8, 16, 24, 32})
      : bmp.compression == kBitFields
          ? is_any_of(bmp.bits, {16, 32})
          : bmp.compression == (bmp.bits == 8 ? kRuns8 : kRuns4) &&
                is_any_of(bmp.bits, {4, 8});
  if (!is_known)
    bytes.fail(
        "unsupported BMP of " + std::to_string(bmp.bits) +
            " bits, compression " + std::to_string(bmp.compression),
        "at most 32 bits and compression 3"
    );
  if (bmp.bits <= 8)
    read_palette(bytes, bmp);
  else
    read_masks(bytes, bmp);
  if (!bmp.is_runs())
    bytes.require(bmp.pixels, bmp.row_bytes() * uint64_t(bmp.height));
  return bmp;
}

// The part of the pixel that the mask selects, as 0..255.
uint8_t field(uint32_t pixel, uint32_t mask) {
  if (mask == 0) return 0;
  const uint32_t most = mask >> std::countr_zero(mask);
  const uint64_t value = (pixel & mask) >> std::countr_zero(mask);
  return static_cast<uint8_t>((value * 255 + most / 2) / most);
}

// from: the row as it is stored.
void store_row(const Bmp& bmp, const std::vector<uint8_t>& from, uint8_t* to) {
  const int channels = channels_of(bmp);
  const std::size_t pixel_bytes = bmp.bits / 8;
  for (std::size_t x = 0; x < static_cast<std::size_t>(bmp.width); ++x) {
    if (bmp.bits <= 8) {
      const std::size_t bit = x * bmp.bits;
      const uint32_t shift = 8 - bmp.bits - bit % 8;
      const auto& colour =
          bmp.palette[from[bit / 8] >> shift & ((1U << bmp.bits) - 1)];
      to = std::copy_n(colour.begin(), channels, to);
      continue;
    }
    uint32_t pixel = 0;
    for (std::size_t i = pixel_bytes; i-- > 0;)
      pixel = pixel << 8 | from[x * pixel_bytes + i];
    for (int c = 0; c < channels; ++c) *to++ = field(pixel, bmp.masks[c]);
  }
}

// Unpacks runs (Microsoft, "Bitmap Compression"): numbers of colours, rows as
// they are stored. What is skipped has number 0.
class BmpRuns {
 public:
  BmpRuns(const ByteReader& bytes, const Bmp& bmp)
      : bytes_(bytes),
        bmp_(bmp),
        at_(bmp.pixels),
        numbers_(cv::Mat::zeros(bmp.height, bmp.width, CV_8U)) {}

  cv::Mat unpack() {
    while (y_ < bmp_.height) {
      const uint32_t count = next();
      const uint32_t value = next();
      if (count > 0) {
        for (uint32_t i = 0; i < count; ++i) put(number(value, i));
      } else if (value == 0) {
        x_ = 0;
        ++y_;
      } else if (value == 1) {
        break;
      } else if (value == 2) {
        x_ += static_cast<int>(next());
        y_ += static_cast<int>(next());
      } else {
        read_numbers(value);
      }
    }
    return numbers_;
  }

 private:
  uint32_t next() { return bytes_.big(at_++, 1); }

  // The i-th number of a byte that holds one or, alternating, two.
  uint8_t number(uint32_t value, uint32_t i) const {
    if (bmp_.bits == 8) return static_cast<uint8_t>(value);
    return static_cast<uint8_t>(i % 2 == 0 ? value >> 4 : value & 15);
  }

  void put(uint8_t colour) {
    if (x_ >= bmp_.width || y_ >= bmp_.height)
      bytes_.fail("damaged BMP, pixels beyond its edge");
    numbers_.at<uint8_t>(y_, x_++) = colour;
  }

  // So many numbers one by one, padded to 16 bits.
  void read_numbers(uint32_t count) {
    const uint64_t start = at_;
    for (uint32_t i = 0, value = 0; i < count; ++i) {
      if (bmp_.bits == 8 || i % 2 == 0) value = next();
      put(number(value, i));
    }
    at_ += (at_ - start) % 2;
  }

  const ByteReader& bytes_;
  const Bmp& bmp_;
  uint64_t at_;
  int x_ = 0;
  int y_ = 0;
  cv::Mat numbers_;
};

}  // namespace

Image decode_bmp(const ByteReader& bytes) {
  Bmp bmp = read_bmp_header(bytes);
  RowReducer picture(
      {bmp.width, bmp.height}, CV_MAKETYPE(CV_8U, channels_of(bmp))
  );
  cv::Mat numbers;
  if (bmp.is_runs()) {
    numbers = BmpRuns(bytes, bmp).unpack();
    bmp.bits = 8;  // As they lie in memory now.
  }
  std::vector<uint8_t> row(bmp.row_bytes());
  for (int y = 0; y < bmp.height; ++y) {
    const int stored = bmp.is_upright ? y : bmp.height - 1 - y;
    if (numbers.empty())
      bytes.read(bmp.pixels + stored * bmp.row_bytes(), row.data(), row.size());
    else
      std::copy_n(numbers.ptr(stored), bmp.width, row.begin());
    store_row(bmp, row, picture.row());
    picture.next();
  }
  return picture.take();
}

}  // namespace digitorch
