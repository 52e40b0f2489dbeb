// The program's entry: runs a command, and turns whatever it throws into one
// line and an exit code.
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "app/commands/registry.h"
#include "app/system/environment.h"
#include "app/system/exit_code.h"
#include "app/system/signals.h"

namespace {

// Environments with more variables are left as they are.
constexpr std::size_t kMostVariables = 4096;

bool says_how_threads_wait(const char* variable) {
  return std::strncmp(variable, "GOMP_SPINCOUNT=", 15) == 0 ||
         std::strncmp(variable, "OMP_WAIT_POLICY=", 16) == 0;
}

/// Whether `digitorch classify` with these words, of which the first is the
/// command, reads more than a few pictures of one digit.
bool reads_many_pictures(char** words) {
  constexpr int kFewWords = 8;
  for (int i = 1; words[i] != nullptr; ++i) {
    const char* word = words[i];
    struct stat file = {};
    if (i > kFewWords || std::strcmp(word, "-") == 0 ||
        std::strcmp(word, "--page") == 0 ||
        std::strncmp(word, "--explain", 9) == 0 ||
        std::strpbrk(word, "*?[") != nullptr ||
        (stat(word, &file) == 0 && S_ISDIR(file.st_mode)))
      return true;
  }
  return false;
}

/// Whether the command computes on several threads for longer than the 40 ms
/// that a second start takes.
bool computes_for_long(char** arguments) {
  if (arguments[0] == nullptr || arguments[1] == nullptr) return false;
  for (const char* command :
       {"train",
        "sweep",
        "eval",
        "report",
        "visualize",
        "gradients",
        "serve",
        "bench"})
    if (std::strcmp(arguments[1], command) == 0) return true;
  return std::strcmp(arguments[1], "classify") == 0 &&
         reads_many_pictures(arguments + 1);
}

/// Starts the program anew with GOMP_SPINCOUNT=1000, unless the environment
/// says already how threads wait, or the command is done sooner.
///
/// LibTorch's threads are those of libgomp, which reads the variable when it is
/// initialised. Without it, a thread that has to wait for another spins for
/// some ten milliseconds before it sleeps. Where other programs want the same
/// cores, the thread that it waits for does not run meanwhile: training was 20
/// times slower on a busy machine. A thousand turns take some 30 microseconds,
/// which is enough for threads that are all running.
///
/// It runs before any library is initialised, so it uses system calls and plain
/// memory alone, and costs little.
void bound_spinning(char** arguments, char** environment) {
  if (!computes_for_long(arguments)) return;
  static std::array<char*, kMostVariables + 2> longer;
  std::size_t count = 0;
  for (; environment[count] != nullptr; ++count) {
    if (count == kMostVariables || says_how_threads_wait(environment[count]))
      return;
    longer[count] = environment[count];
  }
  static std::array<char, 32> added{"GOMP_SPINCOUNT=1000"};
  longer[count] = added.data();
  // By its own path, since the system names the process after it.
  static std::array<char, PATH_MAX + 1> program;
  if (readlink("/proc/self/exe", program.data(), PATH_MAX) > 0)
    execve(program.data(), arguments, longer.data());
  // Where that fails, the program is only slower.
}

/// Runs before the constructors of LibTorch and OpenCV, which take most of the
/// time until main(): an interrupt in that time ends the process as any later
/// one does, and so does a variable that they cannot read.
void before_libraries(int, char** arguments, char** environment) {
  bound_spinning(arguments, environment);
  digitorch::end_on_interrupts();
  digitorch::expect_bad_variables();
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const first_of_all
)(int, char**, char**) = before_libraries;

int run(int argc, char** argv) {
  try {
    return digitorch::run_program({argv + 1, argv + argc});
  } catch (...) {
    std::string message;
    const int code = digitorch::exit_code_for_current_exception(message);
    std::cerr << "error: " << message << '\n';
    return code;
  }
}

}  // namespace

int main(int argc, char** argv) {
  digitorch::variables_are_read();
  const int code = run(argc, argv);
  std::cout.flush();
  // Nothing of ours is left to destroy, while LibTorch would take its tables of
  // operators apart: 80 ms, a quarter of a short run.
  std::quick_exit(code);
}
