// Prints the commands that the core runs, for the program to be built with: so
// their options are described once, beside the code that uses them.
#include <cstdlib>
#include <exception>
#include <iostream>

#include "app/front/loaded_core.h"

int main() {
  int code = EXIT_SUCCESS;
  try {
    std::cout << digitorch::commands_of_core() << std::flush;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    code = EXIT_FAILURE;
  }
  std::quick_exit(code);
}
