#include "models/options/fields_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <variant>

namespace digitorch {

nlohmann::json to_json(const std::vector<Field>& fields) {
  nlohmann::json values = nlohmann::json::object();
  for (const Field& each : fields)
    std::visit(
        [&](const auto& value) { values[each.name] = value; }, each.get()
    );
  return values;
}

void from_json(
    const std::vector<Field>& fields,
    const nlohmann::json& values,
    const std::string& where
) {
  if (!values.is_object())
    throw std::runtime_error(
        where + ": found " + values.type_name() + "; expected an object"
    );
  for (const auto& [name, value] : values.items()) {
    const auto known = std::find_if(
        fields.begin(),
        fields.end(),
        [&name = name](const Field& each) { return each.name == name; }
    );
    if (known == fields.end())
      throw std::runtime_error(
          where + ": found the unknown key '" + name + "'"
      );
    assign(*known, json_to_text(value), where + ": " + name);
  }
}

std::string json_to_text(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return to_text(value.get<double>());
  if (!value.is_array()) return value.dump();
  std::vector<std::string> texts;
  for (const nlohmann::json& item : value) texts.push_back(json_to_text(item));
  return join(texts, ",");
}

}  // namespace digitorch
