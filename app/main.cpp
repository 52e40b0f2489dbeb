// The program's entry: runs a command, and turns whatever it throws into one
// line and an exit code.
#include <cstdlib>
#include <iostream>
#include <string>

#include "app/commands/registry.h"
#include "app/system/environment.h"
#include "app/system/exit_code.h"
#include "app/system/signals.h"

namespace {

/// Runs before the constructors of LibTorch and OpenCV, which take most of the
/// time until main(): an interrupt in that time ends the process as any later
/// one does, and so does a variable that they cannot read.
void before_libraries() {
  digitorch::end_on_interrupts();
  digitorch::expect_bad_variables();
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const first_of_all
)() = before_libraries;

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
