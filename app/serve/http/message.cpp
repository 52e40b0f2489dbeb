#include "app/serve/http/message.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "models/text/json_text.h"

namespace digitorch {

HttpResponse http_error(int status, const std::string& message) {
  const nlohmann::json body = {{"error", message}};
  // A message may quote bytes of a client that are not UTF-8.
  return {.status = status, .body = dump_lenient(body)};
}

std::string query_value(const std::string& query, const std::string& name) {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name)
      return std::string(pair.substr(std::min(equals + 1, pair.size())));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return "";
}

}  // namespace digitorch
