// `digitorch manual`: the manual pages, made from the list of commands.
#include "app/cli/manual.h"

#include <cstdlib>
#include <ctime>
#include <iostream>
#include <optional>

#include "app/front/registry.h"
#include "app/system/exit_code.h"

namespace digitorch {
namespace {

/// Today as "November 26, 2026"; the day that SOURCE_DATE_EPOCH names, if it is
/// set, so that a package can be built twice alike.
std::string today() {
  std::time_t now = std::time(nullptr);
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH"))
    now = static_cast<std::time_t>(std::strtoll(fixed, nullptr, 10));
  char text[32];
  std::strftime(text, sizeof text, "%B %e, %Y", std::gmtime(&now));
  return text;
}

int print_manual(const std::vector<std::string>& names) {
  const std::optional<Command> command = chosen_command("manual", names);
  std::cout
      << (command ? manual_page(*command, today())
                  : manual_overview(all_commands(), today()));
  return kExitDone;
}

}  // namespace

Command manual_command() {
  return {
      .name = "manual",
      .summary = "Print the manual page of a command",
      .paths = "[COMMAND]",
      .examples =
          {{"manual", "the page digitorch(1)"},
           {"manual train", "the page digitorch-train(1)"}},
      .description =
          "Pages are in the mdoc language. To read one:\n\n"
          "  digitorch manual train | man -l -",
      .groups = {},
      .run = [](const Arguments& given) { return print_manual(given.paths); }};
}

}  // namespace digitorch
