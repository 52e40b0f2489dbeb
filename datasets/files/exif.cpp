#include "datasets/files/exif.h"

#include <cstdint>
#include <map>
#include <stdexcept>

#include "datasets/files/byte_reader.h"

namespace digitorch {
namespace {

constexpr uint32_t kOrientation = 274;

// Types of an entry's values (TIFF 6.0, section 2).
constexpr uint32_t kShort = 3;
constexpr uint32_t kLong = 4;

constexpr std::string_view kExifPrefix("Exif\0\0", 6);

// The first value of every SHORT and LONG entry of the first directory, by tag
// (TIFF 6.0, section 2). Throws std::runtime_error where the bytes end early.
std::map<uint32_t, uint32_t> read_tiff_tags(const ByteReader& bytes) {
  const bool little = bytes.text(0, 2) == "II";
  auto number = [&](std::size_t at, std::size_t count) {
    return little ? bytes.little(at, count) : bytes.big(at, count);
  };

  std::map<uint32_t, uint32_t> tags;
  const std::size_t directory = number(4, 4);
  const std::size_t entries = number(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + 12 * i;
    const uint32_t tag = number(entry, 2);
    const uint32_t type = number(entry + 2, 2);
    const uint32_t count = number(entry + 4, 4);
    if (type != kShort && type != kLong) continue;
    const std::size_t width = type == kShort ? 2 : 4;
    // Up to four bytes of values are in the entry itself, more are elsewhere.
    const bool inside = count <= 4 / width;
    const std::size_t at = inside ? entry + 8 : number(entry + 8, 4);
    tags.emplace(tag, number(at, width));
  }
  number(directory + 2 + 12 * entries, 4);  // the next directory's offset
  return tags;
}

}  // namespace

int exif_orientation(std::string_view block) {
  if (block.starts_with(kExifPrefix)) block.remove_prefix(kExifPrefix.size());
  try {
    const auto tags = read_tiff_tags(ByteReader(block, "EXIF", "EXIF"));
    const auto found = tags.find(kOrientation);
    const uint32_t value = found == tags.end() ? 1 : found->second;
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  } catch (const std::runtime_error&) {
    return 1;
  }
}

}  // namespace digitorch
