#include "app/front/registry.h"

#include <stdexcept>
#include <string_view>

#include "app/cli/described_commands.h"

// digitorch_embed() in CMake puts them around what describe.cpp has printed.
extern "C" const char digitorch_described_commands_begin[];
extern "C" const char digitorch_described_commands_end[];

namespace digitorch {

std::vector<Command> all_commands() {
  std::vector<Command> all = commands_from_json(std::string_view(
      digitorch_described_commands_begin, digitorch_described_commands_end
  ));
  all.push_back(completion_command());
  all.push_back(manual_command());
  all.push_back(help_command());
  all.push_back(version_command());
  std::vector<std::string> names;
  for (const Command& command : all) names.push_back(command.name);
  for (Command& command : all)
    if (command.paths == "[COMMAND]") command.path_suggestions = names;
  return all;
}

std::optional<Command> chosen_command(
    const std::string& reader, const std::vector<std::string>& names
) {
  if (names.empty()) return std::nullopt;
  if (names.size() > 1)
    throw std::runtime_error(
        reader + ": found " + std::to_string(names.size()) +
        " names; expected one command"
    );
  return command_named(all_commands(), names.front());
}

}  // namespace digitorch
