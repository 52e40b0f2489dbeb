#include "app/core/core.h"

#include <iostream>
#include <string>
#include <vector>

#include "app/cli/described_commands.h"
#include "app/commands/registry.h"
#include "app/system/exit_code.h"
#include "app/system/signals.h"
#include "app/system/standard_streams.h"

namespace digitorch {
namespace {

int run_command(const std::vector<std::string>& words) {
  // Anew, since the file that an interrupt removes is the core's.
  end_on_closed_pipes();
  end_on_interrupts();
  const std::vector<Command> commands = computing_commands();
  const Command& command = command_named(commands, words.at(0));
  const int code =
      run(command, parse(command, {words.begin() + 1, words.end()}));
  flush_results();
  return code;
}

}  // namespace
}  // namespace digitorch

int digitorch_core_run(const char* const* words, std::size_t count) noexcept {
  try {
    return digitorch::run_command({words, words + count});
  } catch (...) {
    std::string message;
    const int code = digitorch::exit_code_for_current_exception(message);
    std::cerr << "error: " << message << '\n';
    return code;
  }
}

const char* digitorch_core_commands() {
  static const std::string text =
      digitorch::commands_to_json(digitorch::computing_commands());
  return text.c_str();
}
