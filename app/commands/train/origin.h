// The folder in which a run or a sweep began: relative paths among its options
// are found from there, too, when it goes on elsewhere.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/cli/option_groups.h"

namespace digitorch {

/// The present folder.
std::string origin_here();

/// Keeps the origin beside the other members of a config.json or sweep.json. It
/// is no part of the configuration in checkpoints, which are the same bytes
/// wherever a run is trained.
void set_origin(nlohmann::json& config, const std::string& origin);

/// The origin in such a file; empty where it has none.
std::string origin_in(const nlohmann::json& config);

/// The path that an option of an earlier run names: the text itself where it
/// exists from here, else the one from the origin where that exists, else the
/// text.
std::string path_from(const std::string& origin, const std::string& text);

/// Where the pictures lie. origin: of the run that the options come from, or
/// empty. Throws std::runtime_error naming both places for a folder that is in
/// neither.
DataLocation location_from(const std::string& origin, const DataOptions&);

}  // namespace digitorch
