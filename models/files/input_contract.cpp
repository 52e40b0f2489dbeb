#include "models/files/input_contract.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/options/fields_json.h"

namespace digitorch {

nlohmann::json input_contract(const ModelSpec& spec) {
  const InputFormat& input = spec.input;
  nlohmann::json contract = {
      {"shape", {"N", input.channels, input.height, input.width}},
      {"dtype", "float32"},
      {"range", {0, 1}},
      {"pictures", input.pictures},
      {"channels", input.channels == 3 ? "red, green, blue" : "grey"},
      {"normalisation",
       {{"inside_the_model", true},
        {"mean", spec.mean},
        {"deviation", spec.std_dev}}}};
  if (input.is_ink()) contract["ink"] = "bright on black";
  return contract;
}

InputFormat format_of_contract(const JsonReader& contract) {
  const JsonReader shape = contract.at("shape");
  const std::vector<JsonReader> sizes = shape.items();
  if (sizes.size() != 4) shape.refuse("four sizes, as digitorch export writes");
  InputFormat format;
  const std::vector<Field> fields = json_fields(format);
  assign(fields[1], sizes[1]);
  assign(fields[2], sizes[2]);
  assign(fields[3], sizes[3]);
  if (const auto pictures = contract.find("pictures"))
    assign(fields[0], *pictures);
  else if (format != InputFormat())
    format.pictures = "plain";
  check(format);
  return format;
}

}  // namespace digitorch
