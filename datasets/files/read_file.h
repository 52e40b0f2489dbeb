// Reading files, with errors that distinguish bad input from a bad environment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace digitorch {

/// The bytes of a regular file of at most `limit` bytes. Throws
/// std::runtime_error for a path that is missing, a folder, a pipe or a device,
/// and for a file that is too large or shrinks while it is read, and
/// std::system_error for what the system refuses (permission, input and output
/// errors). Never blocks on a pipe.
std::string read_file(const std::filesystem::path&, std::size_t limit);

/// A regular file, read from its beginning. Its members throw as read_file()
/// does.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path&);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// The file's size in bytes when it was opened.
  std::size_t size() const { return size_; }

  /// Reads up to `count` bytes; fewer only at the end of the file.
  std::size_t read(void* to, std::size_t count);

  /// The same from the byte `at` on, wherever read() is.
  std::size_t read_at(uint64_t at, void* to, std::size_t count) const;

 private:
  std::filesystem::path path_;
  int file_;
  std::size_t size_;
  uint64_t position_ = 0;  // Where read() goes on.
};

}  // namespace digitorch
