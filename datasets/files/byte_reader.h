// Numbers and pieces of a file, read from memory or from the file itself,
// never beyond its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/files/read_file.h"

namespace digitorch {

class ByteReader {
 public:
  /// `name`, of the file, and `format`, such as "PNG", are for messages. The
  /// bytes, or the file, must outlive the reader.
  ByteReader(std::string_view bytes, std::string name, std::string format);
  ByteReader(InputFile& file, std::string name, std::string format);

  uint64_t size() const { return size_; }

  /// Copies up to `count` bytes from `at` on; fewer only at the end. Returns
  /// how many. A file is read in large pieces, of which one is kept.
  std::size_t read(uint64_t at, void* to, std::size_t count) const;

  /// Throws std::runtime_error "NAME: truncated FORMAT ..." where there are not
  /// `count` bytes from `at` on. So do the reads below.
  void require(uint64_t at, uint64_t count) const;

  /// `count` bytes from `at` on.
  std::string text(uint64_t at, std::size_t count) const;

  /// An unsigned number of `count` bytes, most significant first.
  uint32_t big(uint64_t at, std::size_t count) const;

  /// An unsigned number of `count` bytes, least significant first.
  uint32_t little(uint64_t at, std::size_t count) const;

  /// Throws std::runtime_error "NAME: FOUND; expected EXPECTED", by default a
  /// whole file.
  [[noreturn]] void fail(
      const std::string& found, const std::string& expected = ""
  ) const;

  /// As fail(), of a file that the decoder complains about in its own words.
  [[noreturn]] void fail_damaged(const std::string& complaint) const;

  const std::string& name() const { return name_; }
  const std::string& format() const { return format_; }
  void set_format(const std::string& format) { format_ = format; }

 private:
  // The bytes from `at` on that are at hand; empty at the end.
  std::string_view piece(uint64_t at) const;

  std::string_view bytes_;
  InputFile* file_ = nullptr;
  uint64_t size_;
  std::string name_;
  std::string format_;
  mutable std::vector<char> piece_;  // Of the file, from piece_at_ on.
  mutable uint64_t piece_at_ = 0;
};

}  // namespace digitorch
