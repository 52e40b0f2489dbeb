// `digitorch completion bash`: shell completion, made from the list of
// commands.
#include <iostream>
#include <stdexcept>

#include "app/commands/registry.h"
#include "app/system/exit_code.h"

namespace digitorch {
namespace {

std::vector<std::string> option_names(const Command& command) {
  std::vector<std::string> names = {"--help"};
  for (const OptionGroup& group : command.groups)
    for (const Field& option : group.fields)
      names.push_back("--" + option.name);
  return names;
}

void print_value_cases(const Command& command) {
  for (const OptionGroup& group : command.groups)
    for (const Field& option : group.fields)
      if (!option.choices.empty() && !option.is_switch)
        std::cout << "    " << command.name << ":--" << option.name
                  << ") words='" << join(option.choices, " ") << "' ;;\n";
}

/// Prints a script that completes the names of commands and options, the values
/// of options that have a fixed choice, and files everywhere else.
void print_bash() {
  const std::vector<Command> commands = all_commands();
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  std::cout << "# bash completion for digitorch:\n"
               "#   source <(digitorch completion bash)\n"
               "_digitorch() {\n"
               "  local word=${COMP_WORDS[COMP_CWORD]} words=\n"
               "  local previous=${COMP_WORDS[COMP_CWORD-1]}\n"
               "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
               "    COMPREPLY=($(compgen -W '"
            << join(names, " ")
            << " --help --version' -- \"$word\"))\n"
               "    return\n"
               "  fi\n"
               "  case ${COMP_WORDS[1]}:$previous in\n";
  for (const Command& command : commands) print_value_cases(command);
  std::cout << "  esac\n"
               "  if [ -z \"$words\" ] && [[ $word == -* ]]; then\n"
               "    case ${COMP_WORDS[1]} in\n";
  for (const Command& command : commands)
    std::cout << "      " << command.name << ") words='"
              << join(option_names(command), " ") << "' ;;\n";
  std::cout << "    esac\n"
               "  fi\n"
               "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
               "}\n"
               "complete -o default -F _digitorch digitorch\n";
}

int completion(const std::vector<std::string>& shells) {
  if (shells != std::vector<std::string>{"bash"})
    throw std::runtime_error(
        "completion: found " +
        (shells.empty() ? "no shell" : "'" + join(shells, " ") + "'") +
        "; expected bash"
    );
  print_bash();
  return kExitDone;
}

}  // namespace

Command completion_command() {
  return {
      .name = "completion",
      .summary = "Print the completion script of a shell",
      .paths = "bash",
      .description = "Prints a script for: source <(digitorch completion bash)",
      .groups = {},
      .run = [](const Arguments& given) { return completion(given.paths); }};
}

}  // namespace digitorch
