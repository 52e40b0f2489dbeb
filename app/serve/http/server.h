// An HTTP/1.1 server that slow, greedy and malformed clients cannot stop, on
// Boost.Beast. One thread reads and writes all connections; a handler computes
// the responses elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/serve/http/message.h"

namespace digitorch {

struct HttpLimits {
  std::size_t connections = 64;  ///< Further ones are closed at once.
  std::size_t header_bytes = 8 << 10;
  /// Of one request to this path.
  std::function<std::size_t(const std::string& path)> body_bytes =
      [](const std::string&) { return std::size_t{1} << 20; };
  /// Of all requests that are being read or answered; more get status 503.
  std::size_t all_body_bytes = 128 << 20;
  /// A whole request has to arrive within these durations, and a whole response
  /// has to be taken: a byte now and then does not extend them.
  std::chrono::milliseconds header{10'000};  ///< Idle connections as well.
  std::chrono::milliseconds body{10'000};
  std::chrono::milliseconds response{10'000};
  std::chrono::milliseconds shutdown{5'000};  ///< After a stop signal.
};

/// What the server itself answered or dropped, without its handler.
struct HttpEvents {
  std::function<void()> connection_refused;
  std::function<void()> timed_out;
  std::function<void(int status)> request_refused;
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";  ///< An IP address or "localhost".
  uint16_t port = 8080;               ///< 0 lets the system choose.
  HttpLimits limits;
  HttpEvents events;
  std::function<void()> on_hangup;  ///< Called for SIGHUP, on run()'s thread.
};

struct HttpServerState;

class HttpServer {
 public:
  /// Begins to listen. Throws EnvironmentError if the port is in use, forbidden
  /// or the address is not one of this machine, and std::runtime_error for an
  /// address that is none.
  HttpServer(HttpServerOptions, HttpHandler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const;            ///< The port it listens at.
  std::size_t connections() const;  ///< Open ones; for run()'s thread.

  /// Serves until SIGINT or SIGTERM and returns that signal. Requests that have
  /// arrived are then still answered, for HttpLimits::shutdown at most.
  int run();

 private:
  std::shared_ptr<HttpServerState> state_;
};

}  // namespace digitorch
