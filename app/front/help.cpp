// `digitorch help`: what `digitorch COMMAND --help` prints.
#include "app/cli/help.h"

#include <iostream>
#include <optional>

#include "app/cli/terminal.h"
#include "app/front/registry.h"
#include "app/system/exit_code.h"

namespace digitorch {
namespace {

int show_help(const std::vector<std::string>& names) {
  const std::optional<Command> command = chosen_command("help", names);
  std::cout
      << (command ? help(*command, {.width = text_width()})
                  : overview(all_commands(), text_width()));
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
