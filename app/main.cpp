// The program's entry: runs a command, and turns whatever it throws into one
// line and an exit code.
#include <limits.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "app/commands/registry.h"
#include "app/system/exit_code.h"

namespace {

// Environments with more variables are left as they are.
constexpr std::size_t kMostVariables = 4096;

bool says_how_threads_wait(const char* variable) {
  return std::strncmp(variable, "GOMP_SPINCOUNT=", 15) == 0 ||
         std::strncmp(variable, "OMP_WAIT_POLICY=", 16) == 0;
}

/// Starts the program anew with GOMP_SPINCOUNT=1000, unless the environment
/// says already how threads wait.
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
void bound_spinning(int, char** arguments, char** environment) {
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

__attribute__((section(".preinit_array"), used)) void (*const first
)(int, char**, char**) = bound_spinning;

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
  const int code = run(argc, argv);
  std::cout.flush();
  // Nothing of ours is left to destroy, while LibTorch would take its tables of
  // operators apart: 80 ms, a quarter of a short run.
  std::quick_exit(code);
}
