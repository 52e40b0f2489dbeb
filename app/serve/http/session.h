// One connection of the server: reads a request, has it answered, and reads the
// next. For server.cpp alone, since it shows Boost.
#pragma once

#include <utility>  // Boost 1.74's awaitable.hpp uses std::exchange without it

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "app/serve/http/server.h"

namespace digitorch {

class Session;

/// What the sessions share. They keep it alive, since a handler may reply after
/// the server was destroyed.
struct HttpServerState {
  HttpServerOptions options;
  HttpHandler handler;
  boost::asio::io_context io{1};
  boost::asio::ip::tcp::acceptor acceptor{io};
  uint16_t port = 0;
  // These two are of the thread that runs `io`, until `closed`; then of no one.
  std::set<Session*> sessions;
  std::size_t body_bytes = 0;  ///< Promised to requests that are under way.
  std::atomic<bool> closed = false;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket, std::shared_ptr<HttpServerState>);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void read();

  void close() { stream_.close(); }

  /// Ends the connection after the response that is under way, or now if it
  /// waits for a next request. The first request of a new connection may be on
  /// its way: it is waited for, unless `now`.
  void finish(bool now);

 private:
  using Next = void (Session::*)();

  /// A completion handler that keeps the session alive and goes on with `next`.
  auto then(Next next) {
    return [self = shared_from_this(), next](
               boost::beast::error_code error, std::size_t /*bytes*/
           ) {
      if (error) return self->failed(error);
      (*self.*next)();
    };
  }

  struct Waiting;
  template <class Work>
  static void hand_back(std::shared_ptr<Session>, Work);
  void header_arrived();
  bool reserve_body();
  void release_body();
  void read_body();
  void body_arrived();
  void answer();
  void refuse(int status, const std::string& message);
  void send(HttpResponse);
  void sent();
  void failed(boost::beast::error_code);
  std::string header(const std::string& name) const;

  std::shared_ptr<HttpServerState> server_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<
      boost::beast::http::request_parser<boost::beast::http::string_body>>
      parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
  std::string path_;
  std::string query_;
  std::size_t reserved_ = 0;
  bool idle_ = true;
  bool answered_ = false;
  bool finishing_ = false;
  bool keep_ = true;
};

}  // namespace digitorch
