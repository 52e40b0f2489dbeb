#include "models/files/json_text.h"

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <vector>

namespace digitorch {
namespace {

constexpr int kMaxDepth = 32;

}  // namespace

nlohmann::json parse_strict(std::string_view text, const std::string& where) {
  using Event = nlohmann::json::parse_event_t;
  std::vector<std::set<std::string>> keys;  // of each object now open
  const auto check = [&](int depth, Event event, nlohmann::json& value) {
    if (depth > kMaxDepth)
      throw std::runtime_error(
          where + ": found JSON nested over " + std::to_string(kMaxDepth) +
          " levels deep; expected fewer"
      );
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end) keys.pop_back();
    if (event == Event::key &&
        !keys.back().insert(value.get<std::string>()).second)
      throw std::runtime_error(
          where + ": found the key " + value.dump() + " twice; expected it once"
      );
    return true;
  };
  try {
    return nlohmann::json::parse(text, check);
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error(
        where + ": found no valid JSON; expected one value"
    );
  }
}

std::string dump_lenient(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace digitorch
