#include "datasets/idx.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

#include "datasets/files/gzip_file.h"
#include "datasets/image_set.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kImageMagic = 0x00000803;     // unsigned bytes, 3 dimensions
constexpr uint32_t kColourMagic = 0x00000804;    // and one for channels
constexpr uint32_t kLabelMagic = 0x00000801;     // unsigned bytes, 1 dimension
constexpr uint32_t kIntLabelMagic = 0x00000C01;  // signed 32 bits, 1 dimension
// QMNIST's labels: 32 bits, a row for each picture that begins with its label.
constexpr uint32_t kLabelRowMagic = 0x00000C02;

/// More columns are no labels; QMNIST has 8.
constexpr uint64_t kMaxColumns = 64;

constexpr int64_t kLargestLabel = 255;

/// A header that promises more than 4 GiB of pictures, 90 times MNIST's
/// training set, or as many labels as these have pictures of MNIST's, is
/// damaged.
constexpr uint64_t kMaxBytes = uint64_t{4} << 30;
constexpr uint64_t kMaxLabels = kMaxBytes / (kImageSide * kImageSide);

[[noreturn]] void throw_bad_idx(
    const fs::path& path, const std::string& found_and_expected
) {
  throw std::runtime_error(path.string() + ": " + found_and_expected);
}

std::string hex(uint32_t value) {
  std::array<char, 11> text{};
  std::snprintf(text.data(), text.size(), "0x%08x", value);
  return text.data();
}

/// A description of a file with the wrong magic number, for the user.
std::string describe_magic(uint32_t magic) {
  if (magic == kImageMagic || magic == kColourMagic)
    return "an image file; were the files swapped?";
  if (magic == kLabelMagic) return "a label file; were the files swapped?";
  if (magic >> 16 != 0) return "no IDX file";
  if (magic >> 8 != 0x08)
    return "an IDX file of other elements than unsigned bytes";
  return "an IDX file of " + std::to_string(magic & 0xFF) + " dimensions";
}

/// The next number of the header, of which `already` bytes were read and
/// `header_bytes` are expected.
uint32_t read_number(
    GzipFile& file,
    const fs::path& path,
    uint64_t already,
    uint64_t header_bytes
) {
  std::array<unsigned char, 4> bytes{};
  const uint64_t got = file.read(bytes.data(), bytes.size());
  if (got < bytes.size())
    throw_bad_idx(
        path,
        "holds " + std::to_string(already + got) +
            " bytes; expected a header of " + std::to_string(header_bytes) +
            " and data"
    );
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 |
         uint32_t{bytes[2]} << 8 | uint32_t{bytes[3]};
}

uint64_t header_size(uint32_t magic) { return 4 + 4 * (magic & 0xFF); }

struct Header {
  uint32_t magic = 0;
  std::vector<uint64_t> dimensions;
};

/// Throws std::runtime_error where the magic number is none of `accepted`, of
/// which messages name the first, or the header is cut.
Header read_header(
    GzipFile& file,
    const fs::path& path,
    std::initializer_list<uint32_t> accepted
) {
  const uint32_t usual = *accepted.begin();
  // The magic number comes first, since it says more than the length about a
  // short file of another kind.
  Header header{.magic = read_number(file, path, 0, header_size(usual))};
  if (std::find(accepted.begin(), accepted.end(), header.magic) ==
      accepted.end())
    throw_bad_idx(
        path,
        "magic number " + hex(header.magic) + ", " +
            describe_magic(header.magic) + "; expected " + hex(usual)
    );
  const uint64_t size = header_size(header.magic);
  for (uint64_t at = 4; at < size; at += 4)
    header.dimensions.push_back(read_number(file, path, at, size));
  return header;
}

/// The data after the header of `header_bytes`, `items` of `item_bytes` each
/// and `most` at most, as uint8 [items * item_bytes].
torch::Tensor read_bytes(
    GzipFile& file,
    const fs::path& path,
    uint64_t header_bytes,
    uint64_t items,
    uint64_t item_bytes,
    uint64_t most
) {
  if (items == 0 || items > most)
    throw_bad_idx(
        path,
        "header promises " + std::to_string(items) + " items; expected 1 to " +
            std::to_string(most)
    );
  const uint64_t needed = items * item_bytes;
  const auto throw_short = [&](const std::string& found) {
    throw_bad_idx(
        path,
        "holds " + found + " bytes; expected " +
            std::to_string(header_bytes + needed) + " for the " +
            std::to_string(items) +
            " items in its header. Was it downloaded whole?"
    );
  };
  const auto throw_long = [&] {
    throw_bad_idx(
        path,
        "has bytes after its last item; expected the end after " +
            std::to_string(header_bytes + needed)
    );
  };
  // A header that promises more than can be unpacked is not believed.
  if (file.max_bytes() < header_bytes + needed)
    throw_short("at most " + std::to_string(file.max_bytes()));
  if (file.is_suspicious(header_bytes + needed)) {
    const uint64_t found = count_bytes(path, header_bytes + needed + 1);
    if (found < header_bytes + needed) throw_short(std::to_string(found));
    if (found > header_bytes + needed) throw_long();
  }
  torch::Tensor bytes =
      torch::empty({static_cast<int64_t>(needed)}, torch::kUInt8);
  const uint64_t got = file.read(bytes.data_ptr(), needed);
  if (got < needed) throw_short(std::to_string(header_bytes + got));
  // Reading past the data also makes zlib verify the checksum.
  unsigned char extra = 0;
  if (file.read(&extra, 1) != 0) throw_long();
  return bytes;
}

/// The first number of each row of `row_bytes`, which holds big-endian numbers
/// of 32 bits. Returns int64 [rows]. Throws std::runtime_error for one that is
/// no label.
torch::Tensor first_column(
    const torch::Tensor& bytes, uint64_t row_bytes, const fs::path& path
) {
  const torch::Tensor rows =
      bytes.view({-1, static_cast<int64_t>(row_bytes)}).narrow(1, 0, 4);
  const torch::Tensor places =
      torch::tensor({1 << 24, 1 << 16, 1 << 8, 1}, torch::kInt64);
  torch::Tensor labels = (rows.to(torch::kInt64) * places).sum(1);
  const torch::Tensor wrong = (labels > kLargestLabel).nonzero();
  if (wrong.size(0) > 0) {
    const auto first = wrong[0].item<int64_t>();
    throw_bad_idx(
        path,
        "label " + std::to_string(labels[first].item<int64_t>()) +
            " at index " + std::to_string(first) + "; expected 0 to " +
            std::to_string(kLargestLabel)
    );
  }
  return labels;
}

}  // namespace

uint64_t promised_idx_images(const fs::path& path) {
  GzipFile file(path);
  return read_header(file, path, {kImageMagic, kColourMagic}).dimensions[0];
}

torch::Tensor read_idx_images(const fs::path& path) {
  GzipFile file(path);
  const Header header = read_header(file, path, {kImageMagic, kColourMagic});
  const uint64_t count = header.dimensions[0];
  const uint64_t height = header.dimensions[1];
  const uint64_t width = header.dimensions[2];
  const uint64_t channels =
      header.magic == kColourMagic ? header.dimensions[3] : 1;
  if (height < 1 || height > kMaxIdxSide || width < 1 || width > kMaxIdxSide)
    throw_bad_idx(
        path,
        "pictures of " + std::to_string(width) + " x " +
            std::to_string(height) + " pixels; expected 1 to " +
            std::to_string(kMaxIdxSide) + " on a side"
    );
  if (channels != 1 && channels != 3)
    throw_bad_idx(
        path,
        "pictures of " + std::to_string(channels) +
            " channels in the last dimension; expected 1 or 3"
    );
  const torch::Tensor pixels = read_bytes(
      file,
      path,
      header_size(header.magic),
      count,
      height * width * channels,
      kMaxBytes / (height * width * channels)
  );
  const auto signed_of = [](uint64_t size) {
    return static_cast<int64_t>(size);
  };
  return pixels
      .view(
          {signed_of(count),
           signed_of(height),
           signed_of(width),
           signed_of(channels)}
      )
      .permute({0, 3, 1, 2})
      .contiguous();
}

torch::Tensor read_idx_labels(const fs::path& path) {
  GzipFile file(path);
  const Header header =
      read_header(file, path, {kLabelMagic, kIntLabelMagic, kLabelRowMagic});
  const auto& dimensions = header.dimensions;
  if (header.magic == kLabelMagic)
    return read_bytes(file, path, 8, dimensions[0], 1, kMaxLabels)
        .to(torch::kInt64);
  const uint64_t columns = dimensions.size() == 2 ? dimensions[1] : 1;
  if (columns < 1 || columns > kMaxColumns)
    throw_bad_idx(
        path,
        std::to_string(columns) + " columns of labels; expected 1 to " +
            std::to_string(kMaxColumns)
    );
  const uint64_t row_bytes = 4 * columns;
  return first_column(
      read_bytes(
          file,
          path,
          header_size(header.magic),
          dimensions[0],
          row_bytes,
          kMaxLabels
      ),
      row_bytes,
      path
  );
}

}  // namespace digitorch
