// The text of `digitorch COMMAND --help`.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/command.h"

namespace digitorch {

struct HelpOptions {
  bool all = false;  ///< All options rather than Command::common alone.
  std::size_t width = 80;
};

/// Usage, what the command does, examples, options, and the description.
std::string help(const Command&, const HelpOptions& options = {});

/// The names and summaries of the commands, and how to get help.
std::string overview(const std::vector<Command>&, std::size_t width);

/// The number as text without a fraction of zero: "1.0" is "1".
std::string short_number(const std::string& text);

/// An option as its user writes it: "--epochs N", "--[no-]page".
std::string spelling(const Field&);

/// The help of the option with its default.
std::string explanation(const Field&);

}  // namespace digitorch
