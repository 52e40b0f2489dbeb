// The JSON form of options: an object with one key for each field.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "models/options/fields.h"

namespace digitorch {

/// Numbers, booleans, texts and lists of numbers, as the fields' types are.
nlohmann::json to_json(const std::vector<Field>&);

/// Sets every field that `values` names; the others keep their values. Throws
/// std::runtime_error naming `where` and the key for a value that does not fit
/// and for a key that is no field.
void from_json(
    const std::vector<Field>&,
    const nlohmann::json& values,
    const std::string& where
);

/// The value as the text that Field::set takes: "0.1", "true", "64,32".
std::string json_to_text(const nlohmann::json& value);

}  // namespace digitorch
