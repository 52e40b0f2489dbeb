#include "app/commands/registry.h"

#include <unistd.h>

#include <iostream>
#include <stdexcept>

#include "app/cli/help.h"
#include "app/cli/terminal.h"
#include "app/system/errors.h"
#include "app/system/exit_code.h"
#include "app/system/signals.h"
#include "models/options/nearest.h"

namespace digitorch {
namespace {

/// The command that an option in its place stands for.
std::string command_of(const std::string& word) {
  if (word == "--help" || word == "-h") return "help";
  if (word == "--version" || word == "-V") return "version";
  return word;
}

/// Throws EnvironmentError where results could not be written, for example to a
/// full disk. A reader that has read enough, such as `head`, is no fault.
void flush_results() {
  if (!std::cout.flush() && !reader_is_gone(STDOUT_FILENO))
    throw EnvironmentError("standard output: cannot be written to");
}

}  // namespace

std::vector<Command> all_commands() {
  std::vector<Command> all = {
      train_command(),
      sweep_command(),
      eval_command(),
      report_command(),
      visualize_command(),
      gradients_command(),
      classify_command(),
      export_command(),
      serve_command(),
      samples_command(),
      bench_command(),
      doctor_command(),
      completion_command(),
      manual_command(),
      help_command(),
      version_command()};
  std::vector<std::string> names;
  for (const Command& command : all) names.push_back(command.name);
  for (Command& command : all)
    if (command.paths == "[COMMAND]") command.path_suggestions = names;
  return all;
}

const Command& command_named(
    const std::vector<Command>& commands, const std::string& name
) {
  std::vector<std::string> names;
  for (const Command& command : commands) {
    if (command.name == name) return command;
    names.push_back(command.name);
  }
  const bool is_option = name.starts_with('-');
  const std::vector<std::string> options = {"-h", "--help", "-V", "--version"};
  const std::string meant = did_you_mean(name, is_option ? options : names);
  throw std::runtime_error(
      (is_option ? "unknown option '" : "unknown command '") + name + "'" +
      meant +
      (is_option       ? "; see 'digitorch help'"
       : meant.empty() ? "; commands: " + join(names)
                       : " Commands: " + join(names))
  );
}

int run_program(const std::vector<std::string>& words) {
  ignore_file_size_signal();
  end_on_interrupts();
  const std::vector<Command> commands = all_commands();
  int code = kExitDone;
  if (words.empty()) {
    std::cout << overview(commands, text_width());
    code = kExitBadInput;
  } else {
    const Command& command = command_named(commands, command_of(words[0]));
    const Arguments arguments =
        parse(command, {words.begin() + 1, words.end()});
    const bool all = arguments.has("help-all");
    if (all || arguments.has("help"))
      std::cout << help(command, {.all = all, .width = text_width()});
    else
      code = run(command, arguments);
  }
  flush_results();
  return code;
}

}  // namespace digitorch
