// Manual pages in the mdoc language, made from the commands.
#pragma once

#include <string>
#include <vector>

#include "app/cli/command.h"

namespace digitorch {

/// The page digitorch-COMMAND(1): `date` as "November 26, 2026".
std::string manual_page(const Command&, const std::string& date);

/// The page digitorch(1), which lists the commands and the exit codes.
std::string manual_overview(
    const std::vector<Command>&, const std::string& date
);

}  // namespace digitorch
