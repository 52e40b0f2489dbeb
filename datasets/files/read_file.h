// Reading files, with errors that tell bad input from a bad environment.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace digitorch {

/// The bytes of a regular file of at most `limit` bytes. Throws
/// std::runtime_error for what the user named wrongly (missing, a folder, a
/// pipe, a device, too large) and std::system_error for what the system
/// refuses (permission, input/output errors). Never blocks on a pipe; a file
/// that shrinks while it is read is an error, not a crash.
std::string read_file(const std::filesystem::path&, std::size_t limit);

/// A regular file, read from its beginning; fails as read_file does.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path&);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// Bytes the file had when it was opened.
  std::size_t size() const { return size_; }

  /// Reads up to `count` bytes; fewer only at the end of the file.
  std::size_t read(void* to, std::size_t count);

 private:
  std::filesystem::path path_;
  int file_;
  std::size_t size_;
};

}  // namespace digitorch
