// `digitorch completion`: shell completion, made from the list of commands.
#include "app/cli/completion.h"

#include <iostream>
#include <stdexcept>

#include "app/front/registry.h"
#include "app/system/exit_code.h"
#include "models/options/nearest.h"

namespace digitorch {
namespace {

std::vector<std::string> shell_names() {
  std::vector<std::string> names;
  for (const Shell& shell : shells()) names.emplace_back(shell.name);
  return names;
}

int completion(const std::vector<std::string>& wanted) {
  const std::string expected = "; expected one of " + join(shell_names());
  if (wanted.size() != 1)
    throw std::runtime_error(
        "completion: found " +
        (wanted.empty() ? "no shell" : std::to_string(wanted.size())) + expected
    );
  for (const Shell& shell : shells()) {
    if (shell.name != wanted.front()) continue;
    std::cout << shell.script(all_commands());
    return kExitDone;
  }
  throw std::runtime_error(
      "completion: unknown shell '" + wanted.front() + "'" + expected +
      did_you_mean(wanted.front(), shell_names())
  );
}

std::string description() {
  std::string text = "To load it, once or in the shell's start-up file:\n\n";
  for (const Shell& shell : shells())
    text += "  " + std::string(shell.use) + "\n";
  text.pop_back();
  return text;
}

}  // namespace

Command completion_command() {
  return {
      .name = "completion",
      .summary = "Print a completion script for bash, zsh or fish",
      .paths = join(shell_names(), "|"),
      .path_suggestions = shell_names(),
      .examples =
          {{"completion bash", "the script for bash"},
           {"completion fish", "the script for fish"}},
      .description = description(),
      .groups = {},
      .run = [](const Arguments& given) { return completion(given.paths); }};
}

}  // namespace digitorch
