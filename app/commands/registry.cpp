#include "app/commands/registry.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "app/cli/table.h"
#include "app/system/errors.h"
#include "app/system/exit_code.h"
#include "app/system/signals.h"

namespace digitorch {
namespace {

void print_overview(const std::vector<Command>& commands) {
  std::cout << "digitorch trains, examines and uses networks that classify "
               "small grey pictures.\n\n"
               "Usage: digitorch COMMAND [options] [paths]\n\nCommands:\n";
  const Table table{
      {{"", 0}, {"", 10, Column::Side::left}, {"", 0, Column::Side::left}}};
  for (const Command& command : commands)
    std::cout << table.row({"", command.name, command.summary});
  std::cout << "\n'digitorch COMMAND --help' explains a command; "
               "'digitorch --version' shows the version.\n";
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

/// Throws EnvironmentError where results could not be written, for example to a
/// full disk.
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
      import_command(),
      serve_command(),
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
      code = run(command, arguments);
    }
  }
  flush_results();
  return code;
}

}  // namespace digitorch
