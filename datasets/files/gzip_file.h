// A file that may be packed by gzip, read without unpacking it whole.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "datasets/files/read_file.h"

namespace digitorch {

/// The content of a file, unpacked while it is read if its first two bytes are
/// those of gzip, whatever its name. Several gzip members in a row are read as
/// one, as gzip itself does.
class GzipFile {
 public:
  /// Throws std::system_error where the file cannot be read.
  explicit GzipFile(const std::filesystem::path&);
  ~GzipFile();
  GzipFile(const GzipFile&) = delete;
  GzipFile& operator=(const GzipFile&) = delete;

  /// The maximum number of bytes that can be read; for a file that is not
  /// packed it is their number.
  uint64_t max_bytes() const;

  /// Whether so many bytes are far more than pictures pack into a file of this
  /// size, so that they are counted before memory is taken for them.
  bool is_suspicious(uint64_t bytes) const;

  /// Up to `count` bytes; fewer only at the end. Throws std::runtime_error
  /// where the packed data are damaged or cut.
  uint64_t read(void* to, uint64_t count);

 private:
  void refill();
  uint64_t copy(unsigned char* to, uint64_t room);
  uint64_t unpack(unsigned char* to, uint64_t room);

  std::filesystem::path path_;
  InputFile file_;
  std::vector<unsigned char> buffer_ = std::vector<unsigned char>(1 << 16);
  z_stream stream_{};
  bool is_gzip_ = false;
  bool member_ended_ = false;
};

/// The number of bytes in the file once it is unpacked, up to `maximum`. Takes
/// no memory for them. Throws as GzipFile does.
uint64_t count_bytes(const std::filesystem::path&, uint64_t maximum);

}  // namespace digitorch
