#include "app/system/write_file.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "app/system/errors.h"
#include "app/system/retried.h"
#include "app/system/write_target.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryMark = ".tmp-";

/// The most bytes of a file's name that go into the name of its temporary file,
/// which is longer: a file name has at most 255 bytes.
constexpr std::size_t kMaxStem = 200;

/// An open file, which the destructor closes. Errors name `shown`, the path
/// that the user knows.
class OpenFile {
 public:
  OpenFile(
      const fs::path& path,
      int flags,
      const fs::path& shown,
      const FileCalls& calls
  )
      : shown_(shown), calls_(calls) {
    file_ = retried([&] {
      return calls.open(path.c_str(), flags | O_CLOEXEC, 0666);
    });
    if (file_ < 0) throw_errno(shown, "cannot open");
  }
  /// The file that is already open under this number.
  OpenFile(int number, const fs::path& shown, const FileCalls& calls)
      : shown_(shown), calls_(calls), file_(fcntl(number, F_DUPFD_CLOEXEC, 0)) {
    if (file_ < 0) throw_errno(shown, "cannot open");
  }
  ~OpenFile() {
    if (file_ >= 0) calls_.close(file_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  void write(std::string_view bytes) {
    const auto write = [&](const char* from, std::size_t count) {
      return calls_.write(file_, from, count);
    };
    if (!write_whole(bytes, write)) throw_errno(shown_, "cannot write");
  }

  void fsync() {
    if (retried([&] { return calls_.fsync(file_); }) != 0)
      throw_errno(shown_, "cannot synchronise with the disk");
  }

  void close() {
    // Linux has closed the file even where it reports an interruption.
    if (calls_.close(std::exchange(file_, -1)) != 0 && errno != EINTR)
      throw_errno(shown_, "cannot close");
  }

 private:
  fs::path shown_;
  const FileCalls& calls_;
  int file_;
};

/// The temporary file that now exists, for remove_unfinished_file(). The text
/// is written before the flag is set, and read only where it is set.
std::array<char, PATH_MAX> unfinished_path;
std::atomic<bool> unfinished = false;
static_assert(std::atomic<bool>::is_always_lock_free, "used in a handler");

/// Removes the file unless it has been renamed away.
class Temporary {
 public:
  explicit Temporary(const fs::path& target) : path_(temporary_name(target)) {
    const std::string& text = path_.native();
    if (text.size() >= unfinished_path.size() || unfinished) return;
    unfinished_path[text.copy(unfinished_path.data(), text.size())] = '\0';
    unfinished = registered_ = true;
  }
  ~Temporary() {
    if (!renamed_) unlink(path_.c_str());
    if (registered_) unfinished = false;
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  const fs::path& path() const { return path_; }
  void set_renamed() { renamed_ = true; }

 private:
  fs::path path_;
  bool registered_ = false;
  bool renamed_ = false;
};

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : ".";
}

bool is_temporary(const std::string& name) {
  const std::size_t mark = name.rfind(kTemporaryMark);
  if (!name.starts_with('.') || mark == std::string::npos) return false;
  const std::size_t number = mark + kTemporaryMark.size();
  return number < name.size() &&
         name.find_first_not_of("0123456789", number) == std::string::npos;
}

void replace_file(
    const fs::path& path, std::string_view bytes, const FileCalls& calls
) {
  Temporary temporary(path);
  constexpr int kNewFile = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW;
  OpenFile file(temporary.path(), kNewFile, path, calls);
  file.write(bytes);
  file.fsync();
  file.close();

  const fs::path folder = folder_of(path);
  OpenFile entries(folder, O_RDONLY | O_DIRECTORY, folder, calls);
  if (calls.rename(temporary.path().c_str(), path.c_str()) != 0)
    throw_errno(path, "cannot put the new file in place");
  temporary.set_renamed();
  entries.fsync();
}

}  // namespace

FileCalls system_file_calls() {
  return {
      [](const char* path, int flags, mode_t mode) {
        return ::open(path, flags, mode);
      },
      ::write,
      ::fsync,
      ::close,
      [](const char* from, const char* to) { return ::rename(from, to); }};
}

void write_file(const fs::path& path, std::string_view bytes) {
  write_file(path, bytes, system_file_calls());
}

void write_file(
    const fs::path& path, std::string_view bytes, const FileCalls& calls
) {
  const auto write_to = [&](OpenFile&& open) {
    open.write(bytes);
    open.close();
  };
  const WriteTarget target = write_target(path);
  switch (target.kind) {
    case WriteTarget::Kind::replaced:
      return replace_file(target.path, bytes, calls);
    case WriteTarget::Kind::open_file:
      return write_to({target.descriptor, path, calls});
    case WriteTarget::Kind::device_or_pipe:
      return write_to({target.path, O_WRONLY | O_NOCTTY, path, calls});
    case WriteTarget::Kind::unwritable:
      throw std::runtime_error(
          path.string() +
          ": found a folder, socket or disk; expected the name of a file to "
          "write"
      );
  }
}

fs::path temporary_name(const fs::path& path) {
  return path.parent_path() /
         ("." + path.filename().string().substr(0, kMaxStem) +
          std::string(kTemporaryMark) + std::to_string(getpid()));
}

void remove_unfinished_file() noexcept {
  if (unfinished) unlink(unfinished_path.data());
}

void remove_stale_temporaries(const fs::path& folder) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (is_temporary(entry.path().filename().string()) &&
        entry.symlink_status().type() == fs::file_type::regular)
      fs::remove(entry.path());
}

}  // namespace digitorch
