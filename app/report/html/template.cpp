#include "app/report/html/template.h"

#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "models/text/json_text.h"
#include "models/text/utf8.h"

namespace digitorch {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

data data_of(const nlohmann::json& value) {
  if (value.is_null()) return false;
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_string()) return escape_bytes(value.get<std::string>());
  if (value.is_array()) {
    data list(data::type::list);
    for (const nlohmann::json& each : value) list.push_back(data_of(each));
    return list;
  }
  if (!value.is_object()) return dump_lenient(value);
  data object;
  for (const auto& [name, each] : value.items())
    object.set(name, data_of(each));
  return object;
}

}  // namespace

std::string fill_template(
    const std::string& text, const nlohmann::json& values
) {
  mustache page(text);
  if (!page.is_valid())
    throw std::logic_error("a page's template: " + page.error_message());
  return page.render(data_of(values));
}

}  // namespace digitorch
