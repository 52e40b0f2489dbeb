#include "datasets/files/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace digitorch {
namespace {

/// Linux reads at most 2 GiB in a call.
constexpr std::size_t kMaxBytesPerCall = std::size_t{1} << 30;

[[noreturn]] void throw_bad_file(
    const std::filesystem::path& path, const std::string& found
) {
  throw std::runtime_error(path.string() + ": " + found);
}

[[noreturn]] void throw_errno(
    const std::filesystem::path& path, const std::string& what_failed
) {
  throw std::system_error(
      errno, std::generic_category(), path.string() + ": " + what_failed
  );
}

/// Whether the name is at fault, not the system. ENXIO: a socket.
bool is_wrong_name(int error) {
  return error == ENOENT || error == ENOTDIR || error == ELOOP ||
         error == ENAMETOOLONG || error == ENXIO;
}

std::string kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  return "a device";
}

/// As open(), again for as long as a signal interrupts it.
int open_to_read(const std::filesystem::path& path) {
  // Without O_NONBLOCK, opening a pipe waits for its writer.
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  int file = open(path.c_str(), kFlags);
  while (file < 0 && errno == EINTR) file = open(path.c_str(), kFlags);
  return file;
}

}  // namespace

InputFile::InputFile(const std::filesystem::path& path)
    : path_(path), file_(open_to_read(path)) {
  if (file_ < 0) {
    if (is_wrong_name(errno))
      throw_bad_file(
          path,
          errno == ENXIO ? "is a socket; expected a regular file"
                         : "no such file"
      );
    throw_errno(path, "cannot open");
  }
  try {
    struct stat status {};
    if (fstat(file_, &status) != 0) throw_errno(path, "cannot read");
    if (!S_ISREG(status.st_mode))
      throw_bad_file(
          path, "is " + kind_of(status.st_mode) + "; expected a regular file"
      );
    size_ = static_cast<std::size_t>(status.st_size);
  } catch (...) {
    close(file_);
    throw;
  }
}

InputFile::~InputFile() { close(file_); }

std::size_t InputFile::read(void* to, std::size_t count) {
  const std::size_t done = read_at(position_, to, count);
  position_ += done;
  return done;
}

std::size_t InputFile::read_at(uint64_t at, void* to, std::size_t count) const {
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = pread(
        file_,
        static_cast<char*>(to) + done,
        std::min(count - done, kMaxBytesPerCall),
        static_cast<off_t>(at + done)
    );
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno(path_, "cannot read");
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::string read_file(const std::filesystem::path& path, std::size_t limit) {
  InputFile file(path);
  if (file.size() > limit)
    throw_bad_file(
        path,
        "holds " + std::to_string(file.size()) + " bytes; expected at most " +
            std::to_string(limit)
    );
  std::string bytes(file.size(), '\0');
  const std::size_t got = file.read(bytes.data(), bytes.size());
  if (got < bytes.size())
    throw_bad_file(
        path,
        "shrank to " + std::to_string(got) +
            " bytes while it was read; expected " + std::to_string(bytes.size())
    );
  return bytes;
}

}  // namespace digitorch
