// The names of a model's classes on the command line.
#pragma once

#include <string>
#include <vector>

#include "models/options/fields.h"

namespace digitorch {

/// The option --classes.
Field classes_field(std::string& text);

/// The names in the value of --classes: those between its commas, or "0", "1",
/// ... where it is a number; none for an empty text. Throws std::runtime_error
/// for an empty name and for one that comes twice.
std::vector<std::string> names_of_classes(const std::string& text);

}  // namespace digitorch
