#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

extern char** environ;

namespace digitorch::testing {
namespace {

using Clock = std::chrono::steady_clock;

/// How long to wait at most before looking whether the process has ended.
constexpr int kPollMilliseconds = 10;

void check(int error, const char* operation) {
  if (error != 0)
    throw std::system_error(error, std::generic_category(), operation);
}

/// A file descriptor that is closed in any case.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept
      : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_ = -1;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends;
  check(pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<char*> c_strings(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& text : strings)
    pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_with(
    const std::map<std::string, std::string>& added
) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!added.contains(text.substr(0, text.find('='))))
      entries.push_back(text);
  }
  for (const auto& [name, value] : added) entries.push_back(name + "=" + value);
  return entries;
}

/// Limits and the user are set by the two system programs made for it, since
/// posix_spawn has no means and the code between fork and exec of a process
/// with threads may hardly do anything.
std::vector<std::string> wrapped(
    const std::vector<std::string>& argv, const RunOptions& options
) {
  static const std::map<int, std::string> kNames = {
      {RLIMIT_AS, "as"},
      {RLIMIT_CORE, "core"},
      {RLIMIT_CPU, "cpu"},
      {RLIMIT_FSIZE, "fsize"},
      {RLIMIT_NOFILE, "nofile"},
      {RLIMIT_NPROC, "nproc"},
      {RLIMIT_STACK, "stack"},
  };
  std::vector<std::string> command;
  if (!options.limits.empty()) {
    command.push_back("/usr/bin/prlimit");
    for (const auto& [resource, limit] : options.limits)
      command.push_back(
          "--" + kNames.at(resource) + "=" + std::to_string(limit)
      );
    command.push_back("--");
  }
  if (options.user) {
    const std::string id = std::to_string(*options.user);
    command.insert(
        command.end(),
        {"/usr/bin/setpriv",
         "--reuid",
         id,
         "--regid",
         id,
         "--clear-groups",
         "--"}
    );
  }
  command.insert(command.end(), argv.begin(), argv.end());
  return command;
}

class SpawnSettings {
 public:
  SpawnSettings() {
    check(posix_spawn_file_actions_init(&actions), "spawn actions");
    check(posix_spawnattr_init(&attributes), "spawn attributes");
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

pid_t spawn(
    const std::vector<std::string>& argv,
    const RunOptions& options,
    const std::array<int, 3>& standard_files
) {
  SpawnSettings settings;
  for (int target = 0; target < 3; ++target)
    check(
        posix_spawn_file_actions_adddup2(
            &settings.actions, standard_files[target], target
        ),
        "adddup2"
    );
  if (!options.working_dir.empty())
    check(
        posix_spawn_file_actions_addchdir_np(
            &settings.actions, options.working_dir.c_str()
        ),
        "addchdir"
    );
  // As a shell starts it: whatever the test ignores or blocks.
  sigset_t signals;
  sigemptyset(&signals);
  check(
      posix_spawnattr_setsigmask(&settings.attributes, &signals), "setsigmask"
  );
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGXFSZ})
    sigaddset(&signals, signal);
  check(
      posix_spawnattr_setsigdefault(&settings.attributes, &signals),
      "setsigdefault"
  );
  check(
      posix_spawnattr_setflags(
          &settings.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
      ),
      "setflags"
  );

  const std::vector<std::string> command = wrapped(argv, options);
  const std::vector<std::string> variables =
      environment_with(options.environment);
  pid_t child = 0;
  check(
      posix_spawn(
          &child,
          command.front().c_str(),
          &settings.actions,
          &settings.attributes,
          c_strings(command).data(),
          c_strings(variables).data()
      ),
      command.front().c_str()
  );
  return child;
}

/// Moves what is there to `text`; closes the pipe at its end.
void read_some(Descriptor& pipe, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t size = read(pipe.number(), buffer.data(), buffer.size());
  if (size > 0)
    text.append(buffer.data(), static_cast<std::size_t>(size));
  else if (size == 0 || (errno != EAGAIN && errno != EINTR))
    pipe.close();
}

void write_some(Descriptor& pipe, std::string_view& text) {
  const ssize_t size = write(pipe.number(), text.data(), text.size());
  if (size > 0) text.remove_prefix(static_cast<std::size_t>(size));
  if (text.empty() || (size < 0 && errno != EAGAIN && errno != EINTR))
    pipe.close();
}

/// A started process and this end of its pipes.
class Running {
 public:
  Running(const std::vector<std::string>& argv, const RunOptions& options)
      : options_(options), started_(Clock::now()) {
    Pipe in = make_pipe();
    Pipe out = make_pipe();
    Pipe err = make_pipe();
    if (options.stdout_closed) out.read_end.close();
    child_ = spawn(
        argv,
        options,
        {in.read_end.number(), out.write_end.number(), err.write_end.number()}
    );
    pipes_ = {
        std::move(in.write_end),
        std::move(out.read_end),
        std::move(err.read_end)};
    for (const Descriptor& pipe : pipes_)
      if (pipe.number() >= 0) fcntl(pipe.number(), F_SETFL, O_NONBLOCK);
    if (unsent_.empty()) pipes_[0].close();
  }

  ProcessResult wait() {
    while (!reaped()) {
      exchange();
      send_signals();
    }
    // What it wrote last. A grandchild may hold the pipes open: take no more
    // than is there.
    for (int round = 0; round < 1000 && exchange(0); ++round) {
    }
    return std::move(result_);
  }

 private:
  /// Waits for at most kPollMilliseconds; true where something was moved.
  bool exchange(int milliseconds = kPollMilliseconds) {
    std::array<pollfd, 3> events;
    for (std::size_t i = 0; i < events.size(); ++i)
      events[i] = {
          pipes_[i].number(), static_cast<short>(i == 0 ? POLLOUT : POLLIN), 0};
    if (poll(events.data(), events.size(), milliseconds) <= 0) return false;
    if (events[0].revents != 0) write_some(pipes_[0], unsent_);
    if (events[1].revents != 0) read_some(pipes_[1], result_.out);
    if (events[2].revents != 0) read_some(pipes_[2], result_.err);
    return true;
  }

  void send_signals() {
    const auto passed = Clock::now() - started_;
    while (sent_ < options_.signals.size() &&
           passed >= options_.signals[sent_].first)
      kill(child_, options_.signals[sent_++].second);
    if (options_.signal_to_send_at_text != 0 && !text_seen_) {
      const auto holds = [&](const std::string& text) {
        return text.find(options_.signal_at_text) != std::string::npos;
      };
      text_seen_ = holds(result_.out) || holds(result_.err);
      if (text_seen_) kill(child_, options_.signal_to_send_at_text);
    }
    if (passed >= options_.timeout && !result_.timed_out) {
      result_.timed_out = true;
      kill(child_, SIGKILL);
    }
  }

  bool reaped() {
    int status = 0;
    rusage usage = {};
    const pid_t ended = wait4(child_, &status, WNOHANG, &usage);
    check(ended < 0 ? errno : 0, "wait4");
    if (ended == 0) return false;
    result_.seconds =
        std::chrono::duration<double>(Clock::now() - started_).count();
    for (const timeval& time : {usage.ru_utime, usage.ru_stime})
      result_.cpu_seconds += static_cast<double>(time.tv_sec) +
                             static_cast<double>(time.tv_usec) / 1e6;
    result_.peak_bytes = static_cast<int64_t>(usage.ru_maxrss) * 1024;
    if (WIFEXITED(status)) result_.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) result_.signal = WTERMSIG(status);
    return true;
  }

  const RunOptions& options_;
  Clock::time_point started_;
  pid_t child_ = 0;
  std::array<Descriptor, 3> pipes_;  // This end of stdin, stdout, stderr.
  std::string_view unsent_ = options_.stdin_text;
  std::size_t sent_ = 0;  // Of options_.signals.
  bool text_seen_ = false;
  ProcessResult result_;
};

}  // namespace

ProcessResult run(
    const std::vector<std::string>& argv, const RunOptions& options
) {
  // A child that does not read its input must not end the test.
  signal(SIGPIPE, SIG_IGN);
  return Running(argv, options).wait();
}

}  // namespace digitorch::testing
