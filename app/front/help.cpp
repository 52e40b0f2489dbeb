// `digitorch help`: what `digitorch COMMAND --help` prints.
#include "app/cli/help.h"

#include <iostream>
#include <stdexcept>

#include "app/cli/terminal.h"
#include "app/front/registry.h"
#include "app/system/exit_code.h"

namespace digitorch {
namespace {

int show_help(const std::vector<std::string>& names) {
  if (names.size() > 1)
    throw std::runtime_error(
        "help: found " + std::to_string(names.size()) +
        " names; expected one command"
    );
  const std::vector<Command> commands = all_commands();
  std::cout
      << (names.empty() ? overview(commands, text_width())
                        : help(
                              command_named(commands, names.front()),
                              {.width = text_width()}
                          ));
  return kExitDone;
}

}  // namespace

Command help_command() {
  return {
      .name = "help",
      .summary = "Show the help of a command",
      .paths = "[COMMAND]",
      .examples =
          {{"help", "all commands"},
           {"help train", "the same as digitorch train --help"}},
      .groups = {},
      .run = [](const Arguments& given) { return show_help(given.paths); }};
}

}  // namespace digitorch
