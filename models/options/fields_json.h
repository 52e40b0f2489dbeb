// The JSON form of options: an object with one key for each field.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "models/options/fields.h"
#include "models/options/json_reader.h"

namespace digitorch {

/// Numbers, booleans, texts and lists of numbers, as the fields' types are.
nlohmann::json to_json(const std::vector<Field>&);

/// Sets every field that the object `values` names; the others keep their
/// values. Throws std::runtime_error naming file and key for a value of another
/// type than the field's, for one that the field does not take, and for a key
/// that is no field.
void from_json(const std::vector<Field>&, const JsonReader& values);

/// Sets the field. Throws as from_json() does.
void assign(const Field&, const JsonReader& value);

/// The value as the text that Field::set takes: "0.1", "true", "64,32".
std::string json_to_text(const nlohmann::json& value);

}  // namespace digitorch
