#include "app/system/signals.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include "app/system/write_file.h"

namespace digitorch {
namespace {

/// Interrupts that are closer to the first than this are one with it.
constexpr int64_t kOneInterruptMs = 1000;

/// The first interrupt: its number, and above the lowest 8 bits when it
/// arrived, in milliseconds. 0 where there was none.
std::atomic<int64_t> first = 0;
static_assert(std::atomic<int64_t>::is_always_lock_free, "used in a handler");

// The handlers do only what is async-signal-safe.

void leave(int signal) {
  remove_unfinished_file();
  _exit(128 + signal);
}

int64_t now_ms() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

void remember(int signal) {
  const int64_t now = now_ms();
  int64_t earlier = 0;
  if (first.compare_exchange_strong(earlier, now << 8 | signal)) return;
  if (now - (earlier >> 8) >= kOneInterruptMs) leave(signal);
}

void set_action(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  // Interrupted reads and writes of libraries are restarted.
  action.sa_flags = SA_RESTART;
  if (sigaction(signal, &action, nullptr) != 0)
    throw std::system_error(errno, std::generic_category(), "sigaction");
}

bool is_ignored(int signal) {
  struct sigaction action = {};
  return sigaction(signal, nullptr, &action) == 0 &&
         action.sa_handler == SIG_IGN;
}

void on_interrupts(void (*handler)(int)) {
  set_action(SIGINT, handler);
  set_action(SIGTERM, handler);
  if (!is_ignored(SIGHUP)) set_action(SIGHUP, handler);
}

}  // namespace

void end_on_interrupts() { on_interrupts(leave); }

void watch_for_interrupts() { on_interrupts(remember); }

int interrupt_signal() { return static_cast<int>(first & 0xFF); }

void end_on_closed_pipes() { set_action(SIGPIPE, leave); }

void ignore_file_size_and_pipe_signals() {
  set_action(SIGXFSZ, SIG_IGN);
  set_action(SIGPIPE, SIG_IGN);
}

}  // namespace digitorch
