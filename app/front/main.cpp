// The program's entry. It answers what needs no computing, such as --help and
// wrong options, by itself, and loads the core for the rest: LibTorch alone
// takes a tenth of a second to load.
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "app/cli/help.h"
#include "app/cli/terminal.h"
#include "app/front/loaded_core.h"
#include "app/front/registry.h"
#include "app/system/exit_code.h"
#include "app/system/signals.h"
#include "app/system/standard_exception.h"
#include "app/system/standard_streams.h"

namespace digitorch {
namespace {

/// The command that an option in its place stands for.
std::string command_of(const std::string& word) {
  if (word == "--help" || word == "-h") return "help";
  if (word == "--version" || word == "-V") return "version";
  return word;
}

/// Runs the command that the words after the program's name ask for, and
/// returns its exit code.
int run_program(const std::vector<std::string>& words) {
  occupy_closed_streams();
  ignore_file_size_and_pipe_signals();
  end_on_closed_pipes();
  const std::vector<Command> commands = all_commands();
  if (words.empty()) {
    std::cout << overview(commands, text_width());
    return kExitBadInput;
  }
  const Command& command = command_named(commands, command_of(words[0]));
  const Arguments arguments = parse(command, {words.begin() + 1, words.end()});
  const bool all = arguments.has("help-all");
  if (all || arguments.has("help")) {
    std::cout << help(command, {.all = all, .width = text_width()});
    return kExitDone;
  }
  return command.run ? run(command, arguments) : run_in_core(words);
}

int exit_code_of(const std::vector<std::string>& words) {
  try {
    const int code = run_program(words);
    flush_results();
    return code;
  } catch (...) {
    std::string message;
    const int code = exit_code_of_standard_exception(message);
    std::cerr << "error: " << message << '\n';
    return code;
  }
}

}  // namespace
}  // namespace digitorch

int main(int argc, char** argv) {
  // Also while the core is being loaded.
  digitorch::end_on_interrupts();
  const int code = digitorch::exit_code_of({argv + 1, argv + argc});
  std::cout.flush();
  // Nothing of ours is left to destroy, while LibTorch would take its tables of
  // operators apart: 80 ms, a quarter of a short run.
  std::quick_exit(code);
}
