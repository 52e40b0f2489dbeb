// Presets: named sets of options of a training run.
#pragma once

#include <string>
#include <vector>

#include "app/cli/command.h"
#include "models/options/fields.h"

namespace digitorch {

std::vector<std::string> preset_names();

/// The options of a preset, those of the preset it is based on first. Throws
/// std::runtime_error where there is none of that name.
std::vector<GivenOption> preset_options(const std::string& name);

/// The option --preset.
Field preset_field(std::string& preset);

}  // namespace digitorch
