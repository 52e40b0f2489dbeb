#include "app/system/copies.h"

#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <system_error>
#include <thread>

#include "app/system/signals.h"

extern char** environ;

namespace digitorch {
namespace {

using Clock = std::chrono::steady_clock;

/// Holds the number of the process that started the copies.
constexpr const char* kStarter = "DIGITORCH_STARTED_BY";

constexpr std::chrono::milliseconds kPollCopies{20};
/// After a failure, and after an interrupt, when a run is being saved.
constexpr std::chrono::seconds kTimeToEnd{10};
constexpr std::chrono::seconds kTimeToSave{30};
constexpr pid_t kEnded = -1;
/// As kExitEnvironment, whose header needs LibTorch.
constexpr int kEndedBySignal = 3;

void check_spawn(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

std::string own_program() {
  std::array<char, PATH_MAX> path;
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  check_spawn(size < 0 ? errno : 0, "/proc/self/exe");
  return {path.data(), static_cast<size_t>(size)};
}

std::vector<std::string> own_words() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

std::vector<std::string> environment_with(const AddedVariables& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    bool replaced = false;
    for (const auto& [name, value] : added)
      replaced |= text.starts_with(name + "=");
    if (!replaced) all.push_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// In a process group of its own, so that a key of the terminal reaches it once
/// only, by way of this process.
pid_t start_copy(AddedVariables variables) {
  variables.emplace_back(kStarter, std::to_string(getpid()));
  std::vector<std::string> words = own_words();
  std::vector<std::string> environment = environment_with(variables);
  posix_spawnattr_t attributes;
  check_spawn(posix_spawnattr_init(&attributes), "spawn attributes");
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t child = 0;
  const std::string program = own_program();
  const int error = posix_spawn(
      &child,
      program.c_str(),
      nullptr,
      &attributes,
      pointers_to(words).data(),
      pointers_to(environment).data()
  );
  posix_spawnattr_destroy(&attributes);
  check_spawn(error, program.c_str());
  return child;
}

/// The copies that run, and how the others ended.
class Copies {
 public:
  explicit Copies(const CopiesOptions& options) : options_(options) {}

  void start(const AddedVariables& variables) {
    try {
      processes_.push_back(start_copy(variables));
    } catch (...) {
      signal_all(SIGKILL);
      throw;
    }
    ++running_;
  }

  CopiesResult wait() {
    while (running_ > 0) {
      for (size_t i = 0; i < processes_.size(); ++i) look_at(i);
      pass_interrupt_on();
      if (latest_ && Clock::now() > *latest_) signal_all(SIGKILL);
      std::this_thread::sleep_for(kPollCopies);
    }
    if (exit_code_ == 0 && !by_signal_.empty())
      return {kEndedBySignal, by_signal_};
    return {exit_code_, ""};
  }

 private:
  void look_at(size_t number) {
    int status = 0;
    pid_t& process = processes_[number];
    if (process == kEnded || waitpid(process, &status, WNOHANG) <= 0) return;
    process = kEnded;
    --running_;
    if (WIFSIGNALED(status) && by_signal_.empty())
      by_signal_ = "process " + std::to_string(number) + " of " +
                   std::to_string(processes_.size()) + " was ended by signal " +
                   std::to_string(WTERMSIG(status));
    if (WIFEXITED(status) && exit_code_ == 0) exit_code_ = WEXITSTATUS(status);
    const bool interrupted = exit_code_ > 128;
    if (!options_.end_together && !interrupted) return;
    if ((exit_code_ != 0 || WIFSIGNALED(status)) && !latest_)
      latest_ = Clock::now() + (interrupted ? kTimeToSave : kTimeToEnd);
  }

  void pass_interrupt_on() {
    if (interrupt_signal() == passed_on_) return;
    passed_on_ = interrupt_signal();
    signal_all(passed_on_);
  }

  void signal_all(int signal) {
    for (const pid_t process : processes_)
      if (process > 0) kill(process, signal);
  }

  CopiesOptions options_;
  std::vector<pid_t> processes_;  // kEnded where it has ended
  int running_ = 0;
  int passed_on_ = 0;
  int exit_code_ = 0;
  std::string by_signal_;
  std::optional<Clock::time_point> latest_;
};

}  // namespace

void share_threads(AddedVariables& added, int64_t threads, int64_t copies) {
  constexpr const char* kThreads = "OMP_NUM_THREADS";
  if (std::getenv(kThreads) != nullptr) return;
  added.emplace_back(
      kThreads, std::to_string(std::max<int64_t>(1, threads / copies))
  );
}

CopiesResult run_copies(
    const std::vector<AddedVariables>& copies, const CopiesOptions& options
) {
  Copies all(options);
  for (const AddedVariables& variables : copies) all.start(variables);
  return all.wait();
}

void end_with_starter() {
  const char* starter = std::getenv(kStarter);
  if (starter == nullptr) return;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // It may have ended before.
  if (std::to_string(getppid()) != starter) raise(SIGTERM);
}

}  // namespace digitorch
