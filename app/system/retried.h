// System calls that signals may interrupt.
#pragma once

#include <cerrno>

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

}  // namespace digitorch
