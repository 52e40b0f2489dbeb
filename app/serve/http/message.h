// HTTP requests and responses as values, and the function that turns one into
// the other. Nothing here knows sockets.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace digitorch {

struct HttpRequest {
  std::string method;  ///< "GET", "POST", ...
  std::string path;    ///< Without the query, as it was sent: "/classify".
  std::string query;   ///< After the question mark: "page=1&top_k=3".
  std::string content_type;  ///< In lower case, without parameters.
  /// Length in bytes of the JSON at the beginning of the body, where the header
  /// Inference-Header-Content-Length gives it; empty elsewhere.
  std::string json_length;
  std::string body;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  /// Further headers. Names and values must be the program's own: text of a
  /// client could hold line breaks, and so add headers.
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Sends the response to the request it belongs to. May be called from any
/// thread, once.
using HttpReply = std::function<void(HttpResponse)>;

/// Answers a request by calling the reply now or later. It is called on the
/// server's one network thread, so it must not compute for long.
using HttpHandler = std::function<void(HttpRequest, HttpReply)>;

/// A response with the JSON object {"error": message}.
HttpResponse http_error(int status, const std::string& message);

/// The value of `name` in a query string such as "page=1&top_k=3"; empty where
/// it is missing. Percent signs are not decoded: no value here needs them.
std::string query_value(const std::string& query, const std::string& name);

}  // namespace digitorch
