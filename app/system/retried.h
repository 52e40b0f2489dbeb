// System calls that signals may interrupt, or that do a part of their work.
#pragma once

#include <sys/types.h>

#include <cerrno>
#include <string_view>

namespace digitorch {

/// Makes a call that returns a negative number where it fails, again for as
/// long as a signal interrupts it. On a network file system, or one in a
/// process of its own, that may be any call, open() among them.
template <typename Call>
auto retried(const Call& call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

/// Writes all of the bytes by calls of write(pointer, count), which returns how
/// many it wrote as write(2) does. Returns whether it could; errno says why
/// not.
template <typename Write>
bool write_whole(std::string_view bytes, const Write& write) {
  while (!bytes.empty()) {
    const ssize_t written =
        retried([&] { return write(bytes.data(), bytes.size()); });
    if (written == 0) errno = EIO;  // no progress, and no reason given
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace digitorch
