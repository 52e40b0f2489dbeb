// The name that a user probably meant by one that does not exist.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace digitorch {

/// The known name that takes the fewest edits to make from `typed`. An edit
/// inserts, removes or replaces a character, or swaps two neighbours; case does
/// not matter. At most one edit is allowed for up to 3 typed characters, two
/// for up to 6, and a third of their number for more. Where no name is as near,
/// the only one that begins with `typed`: "epochs" for "ep". Otherwise none.
std::optional<std::string> nearest_name(
    std::string_view typed, const std::vector<std::string>& known
);

/// "; did you mean '<before><nearest name>'?", to end a message with; empty
/// where no name is near.
std::string did_you_mean(
    std::string_view typed,
    const std::vector<std::string>& known,
    const std::string& before = ""
);

}  // namespace digitorch
