// Files of IDX, packed by gzip or not, as pictures and as labels. The readers
// take paths, so the bytes go through a file in memory.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "datasets/idx.h"
#include "tests/fuzz/fuzz.h"

namespace {

/// A file in memory that holds the bytes of one call, by its path.
const std::string& file_with(const uint8_t* data, size_t size) {
  static const int file = memfd_create("idx", MFD_CLOEXEC);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (file < 0 || ftruncate(file, 0) != 0 ||
      pwrite(file, data, size, 0) != static_cast<ssize_t>(size))
    std::abort();
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace digitorch;
  const std::string& path = file_with(data, size);
  read_or_refuse([&] { read_idx_images(path); });
  read_or_refuse([&] { read_idx_labels(path); });
  return 0;
}
