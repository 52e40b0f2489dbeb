// The program's entry: runs a command, and turns whatever it throws into one
// line and an exit code.
#include <cstdlib>
#include <iostream>
#include <string>

#include "app/commands/registry.h"
#include "app/system/exit_code.h"

namespace {

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
