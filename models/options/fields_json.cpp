#include "models/options/fields_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <variant>

#include "models/text/json_text.h"

namespace digitorch {
namespace {

bool is_whole(const nlohmann::json& value) { return value.is_number_integer(); }

/// Whether JSON of this form can hold a value of the argument's type.
struct HasForm {
  const nlohmann::json& json;

  bool operator()(int64_t) const { return is_whole(json); }
  bool operator()(double) const { return json.is_number(); }
  bool operator()(bool) const { return json.is_boolean(); }
  /// Some choices had only two values once, and were written as booleans.
  bool operator()(const std::string&) const {
    return holds_text(json) || json.is_boolean();
  }
  bool operator()(const std::vector<int64_t>&) const {
    return json.is_array() && std::all_of(json.begin(), json.end(), is_whole);
  }
};

}  // namespace

nlohmann::json to_json(const std::vector<Field>& fields) {
  nlohmann::json values = nlohmann::json::object();
  for (const Field& each : fields) {
    const FieldValue value = each.get();
    if (const auto* text = std::get_if<std::string>(&value))
      values[each.name] = json_of_text(*text);
    else
      std::visit([&](const auto& plain) { values[each.name] = plain; }, value);
  }
  return values;
}

void from_json(const std::vector<Field>& fields, const JsonReader& values) {
  std::vector<std::string> known;
  for (const Field& each : fields) known.push_back(each.name);
  values.check_keys(known);
  for (const Field& each : fields)
    if (const auto value = values.find(each.name)) assign(each, *value);
}

void assign(const Field& target, const JsonReader& value) {
  if (!std::visit(HasForm{value.json()}, target.get()) ||
      !target.set(json_to_text(value.json())))
    value.refuse(target.expected);
}

std::string json_to_text(const nlohmann::json& value) {
  if (holds_text(value)) return text_in_json(value);
  if (value.is_number_float()) return to_text(value.get<double>());
  if (!value.is_array()) return dump_lenient(value);
  std::vector<std::string> texts;
  for (const nlohmann::json& item : value) texts.push_back(json_to_text(item));
  return join(texts, ",");
}

}  // namespace digitorch
