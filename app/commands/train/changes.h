// Which options of a run may change when it is resumed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/command.h"

namespace digitorch {

/// Checks options typed to resume a run against those that it began with.
/// Throws std::runtime_error with the old and new values of options that cannot
/// be changed, or only with --allow-changes. Returns a warning where a change
/// ends bit-exact repetition.
std::optional<std::string> check_changes(
    const std::vector<GivenOption>& old_options,
    const std::vector<GivenOption>& typed,
    bool allow_changes
);

}  // namespace digitorch
