// Reading numbers from a file's bytes, never beyond their end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace digitorch {

class ByteReader {
 public:
  /// `name`, of the file, and `format`, such as "PNG", are for messages.
  /// `bytes` must outlive the reader.
  ByteReader(std::string_view bytes, std::string name, std::string format)
      : bytes_(bytes), name_(std::move(name)), format_(std::move(format)) {}

  std::size_t size() const { return bytes_.size(); }
  std::string_view all() const { return bytes_; }

  /// `count` bytes from `at` on. This and the reads below throw
  /// std::runtime_error "NAME: truncated FORMAT ..." where the bytes end
  /// earlier.
  std::string_view text(std::size_t at, std::size_t count) const {
    if (at > size() || count > size() - at)
      fail("truncated " + format_ + " of " + std::to_string(size()) + " bytes");
    return bytes_.substr(at, count);
  }

  /// An unsigned number of `count` bytes, most significant first.
  uint32_t big(std::size_t at, std::size_t count) const {
    uint32_t value = 0;
    for (char byte : text(at, count))
      value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }

  /// An unsigned number of `count` bytes, least significant first.
  uint32_t little(std::size_t at, std::size_t count) const {
    uint32_t value = 0;
    std::string_view found = text(at, count);
    for (std::size_t i = count; i-- > 0;)
      value = value << 8 | static_cast<unsigned char>(found[i]);
    return value;
  }

  /// Throws std::runtime_error "NAME: FOUND; expected EXPECTED", by default a
  /// whole file.
  [[noreturn]] void fail(
      const std::string& found, const std::string& expected = ""
  ) const {
    throw std::runtime_error(
        name_ + ": " + found + "; expected " +
        (expected.empty() ? "a whole " + format_ + " file" : expected)
    );
  }

  const std::string& format() const { return format_; }

 private:
  std::string_view bytes_;
  std::string name_;
  std::string format_;
};

}  // namespace digitorch
