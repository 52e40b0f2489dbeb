#include "app/system/signals.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

namespace digitorch {
namespace {

std::atomic<int> arrived = 0;
static_assert(std::atomic<int>::is_always_lock_free, "used in a handler");

/// It does only what is async-signal-safe: an exchange, or to end the process.
void remember(int signal) {
  if (arrived.exchange(signal) != 0) _exit(128 + signal);
}

void leave(int signal) { _exit(128 + signal); }

void set_action(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  // Interrupted reads and writes of libraries are restarted.
  action.sa_flags = SA_RESTART;
  if (sigaction(signal, &action, nullptr) != 0)
    throw std::system_error(errno, std::generic_category(), "sigaction");
}

}  // namespace

void end_on_interrupts() {
  set_action(SIGPIPE, SIG_DFL);
  set_action(SIGINT, leave);
  set_action(SIGTERM, leave);
}

void watch_for_interrupts() {
  set_action(SIGPIPE, SIG_IGN);
  set_action(SIGINT, remember);
  set_action(SIGTERM, remember);
}

int interrupt_signal() { return arrived; }

void ignore_file_size_signal() { set_action(SIGXFSZ, SIG_IGN); }

bool reader_is_gone(int descriptor) {
  pollfd end = {.fd = descriptor, .events = 0, .revents = 0};
  return poll(&end, 1, /*timeout=*/0) == 1 && (end.revents & POLLERR) != 0;
}

}  // namespace digitorch
