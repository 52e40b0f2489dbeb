// The program's entry: runs a command, and turns whatever it throws into one
// line and an exit code.
#include <iostream>
#include <string>

#include "app/commands/commands.h"
#include "app/system/errors.h"

int main(int argc, char** argv) {
  try {
    return digitorch::run_program({argv + 1, argv + argc});
  } catch (...) {
    std::string message;
    const int code = digitorch::exit_code_for_current_exception(message);
    std::cerr << "error: " << message << '\n';
    return code;
  }
}
