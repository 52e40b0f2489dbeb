#include "app/commands/registry.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <stdexcept>

#include "app/system/errors.h"
#include "app/system/exit_code.h"
#include "app/system/signals.h"

namespace digitorch {
namespace {

void print_overview(const std::vector<Command>& commands) {
  std::cout << "digitorch trains, examines and uses networks that read small "
               "grey pictures.\n\n"
               "Usage: digitorch COMMAND [options] [paths]\n\nCommands:\n";
  for (const Command& command : commands)
    std::cout << "  " << std::left << std::setw(12) << command.name
              << command.summary << '\n';
  std::cout << "\n'digitorch COMMAND --help' tells about a command; "
               "'digitorch --version' which release this is.\n";
}

const Command& find(
    const std::vector<Command>& commands, const std::string& name
) {
  std::string names;
  for (const Command& command : commands) {
    if (command.name == name) return command;
    names += (names.empty() ? "" : ", ") + command.name;
  }
  throw std::runtime_error(
      "found the command '" + name + "'; expected one of " + names
  );
}

/// A result that did not reach its reader, such as one sent to a full disk, is
/// no success.
void flush_results() {
  if (!std::cout.flush())
    throw EnvironmentError("standard output: cannot be written to");
}

}  // namespace

std::vector<Command> all_commands() {
  return {
      train_command(),
      sweep_command(),
      eval_command(),
      report_command(),
      visualize_command(),
      gradients_command(),
      classify_command(),
      export_command(),
      samples_command(),
      bench_command(),
      doctor_command(),
      completion_command()};
}

int run_program(const std::vector<std::string>& words) {
  ignore_file_size_and_pipe_signals();
  end_on_interrupts();
  const std::vector<Command> commands = all_commands();
  int code = kExitDone;
  if (words.empty() || words[0] == "--help" || words[0] == "-h") {
    print_overview(commands);
    code = words.empty() ? kExitBadInput : kExitDone;
  } else if (words[0] == "--version") {
    std::cout << "digitorch " DIGITORCH_VERSION "\n";
  } else {
    const Command& command = find(commands, words[0]);
    const Arguments arguments =
        parse(command, {words.begin() + 1, words.end()});
    if (arguments.has("help")) {
      std::cout << help(command);
    } else {
      assign(command, arguments);
      code = command.run(arguments);
    }
  }
  flush_results();
  return code;
}

}  // namespace digitorch
