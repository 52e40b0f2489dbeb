// A library to preload: it counts the calls by which a program changes the
// files of one folder, and has one of them fail as a bad disk would.
//
//   LD_PRELOAD=libfailing_calls.so
//   FAILING_CALLS_FOLDER   the folder, and all below it, by its absolute path
//   FAILING_CALLS_LOG      a file outside it, to which each call is appended
//                          as a line with its name; or unset
//   FAILING_CALLS_AT       the number of the call that fails, from 1; or unset
//   FAILING_CALLS_FAULT    ENOSPC, EIO, EDQUOT, EINTR, or SHORT for a write of
//                          half the bytes. Of calls that do not write, SHORT
//                          leaves a call as it is.
//
// A call that fails has done nothing. A signal does not interrupt every call:
// EINTR leaves rename, link and mkdir as they are.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// The function of the C library that one here stands before.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

int fault_number(const std::string& name) {
  if (name == "ENOSPC") return ENOSPC;
  if (name == "EDQUOT") return EDQUOT;
  if (name == "EINTR") return EINTR;
  return EIO;
}

struct Settings {
  std::string folder = variable("FAILING_CALLS_FOLDER");
  std::string log = variable("FAILING_CALLS_LOG");
  int at = std::atoi(variable("FAILING_CALLS_AT").c_str());
  std::string fault = variable("FAILING_CALLS_FAULT");
};

const Settings& settings() {
  static const Settings all;
  return all;
}

std::atomic<int> calls = 0;

bool is_inside(const std::string& path) {
  const std::string& folder = settings().folder;
  return !folder.empty() && path.compare(0, folder.size(), folder) == 0 &&
         (path.size() == folder.size() || path[folder.size()] == '/');
}

bool is_inside(const char* path) {
  if (path == nullptr) return false;
  if (path[0] == '/') return is_inside(std::string(path));
  char here[PATH_MAX];
  if (getcwd(here, sizeof here) == nullptr) return false;
  return is_inside(std::string(here) + "/" + path);
}

bool is_inside(int file) {
  char link[PATH_MAX];
  const std::string entry = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = readlink(entry.c_str(), link, sizeof link);
  return size > 0 &&
         is_inside(std::string(link, static_cast<std::size_t>(size)));
}

void append_to_log(const char* name) {
  if (settings().log.empty()) return;
  const int file = next<int(const char*, int, ...)>("open"
  )(settings().log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file < 0) return;
  const std::string line = std::string(name) + "\n";
  const ssize_t written = next<ssize_t(int, const void*, std::size_t)>("write"
  )(file, line.data(), line.size());
  next<int(int)>("close")(file);
  if (written < 0) std::abort();  // the test would not see what happened
}

bool is_interruptible(const std::string& name) {
  return name != "rename" && name != "link" && name != "mkdir";
}

enum class Outcome { as_usual, error, part };

/// Counts a call in the folder and says how it is to end; sets errno for an
/// error.
Outcome outcome(const char* name, bool inside) {
  if (!inside) return Outcome::as_usual;
  append_to_log(name);
  if (++calls != settings().at) return Outcome::as_usual;
  const std::string& fault = settings().fault;
  if (fault == "SHORT") return Outcome::part;
  if (fault == "EINTR" && !is_interruptible(name)) return Outcome::as_usual;
  errno = fault_number(fault);
  return Outcome::error;
}

bool fails(const char* name, bool inside) {
  return outcome(name, inside) == Outcome::error;
}

bool changes_files(int flags) {
  return (flags & (O_WRONLY | O_RDWR | O_CREAT | O_DIRECTORY)) != 0;
}

int opened(const char* name, const char* path, int flags, mode_t mode) {
  if (fails("open", changes_files(flags) && is_inside(path))) return -1;
  return next<int(const char*, int, ...)>(name)(path, flags, mode);
}

mode_t mode_of(int flags, std::va_list arguments) {
  return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return opened("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return opened("open64", path, flags, mode);
}

ssize_t write(int file, const void* bytes, size_t size) {
  const auto real = next<ssize_t(int, const void*, size_t)>("write");
  switch (outcome("write", is_inside(file))) {
    case Outcome::error:
      return -1;
    case Outcome::part:
      return real(file, bytes, size / 2);
    default:
      return real(file, bytes, size);
  }
}

int ftruncate(int file, off_t size) {
  if (fails("ftruncate", is_inside(file))) return -1;
  return next<int(int, off_t)>("ftruncate")(file, size);
}

int fsync(int file) {
  if (fails("fsync", is_inside(file))) return -1;
  return next<int(int)>("fsync")(file);
}

int close(int file) {
  const bool fault = fails("close", is_inside(file));
  const int error = errno;
  const int result = next<int(int)>("close")(file);  // closed in any case
  if (!fault) return result;
  errno = error;
  return -1;
}

int rename(const char* from, const char* to) {
  if (fails("rename", is_inside(to))) return -1;
  return next<int(const char*, const char*)>("rename")(from, to);
}

int link(const char* from, const char* to) {
  if (fails("link", is_inside(to))) return -1;
  return next<int(const char*, const char*)>("link")(from, to);
}

int mkdir(const char* path, mode_t mode) {
  if (fails("mkdir", is_inside(path))) return -1;
  return next<int(const char*, mode_t)>("mkdir")(path, mode);
}

}  // extern "C"
