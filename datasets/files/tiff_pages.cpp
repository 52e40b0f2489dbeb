#include "datasets/files/tiff_pages.h"

#include <cstdint>
#include <set>
#include <stdexcept>

#include "datasets/files/byte_reader.h"

namespace digitorch {

int count_tiff_pages(std::string_view bytes) {
  const bool little = bytes.starts_with(std::string_view("II*\0", 4));
  if (!little && !bytes.starts_with(std::string_view("MM\0*", 4))) return 1;
  const ByteReader reader(bytes, "", "TIFF");
  const auto number = [&](std::size_t at, std::size_t count) {
    return little ? reader.little(at, count) : reader.big(at, count);
  };
  std::set<uint32_t> directories;
  try {
    uint32_t next = number(4, 4);
    while (next != 0 && directories.insert(next).second)
      next = number(next + 2 + std::size_t{12} * number(next, 2), 4);
  } catch (const std::runtime_error&) {
    // The pages up to there count.
  }
  return directories.empty() ? 1 : static_cast<int>(directories.size());
}

}  // namespace digitorch
