#include "app/serve/http/server.h"

#include <utility>  // Boost 1.74's awaitable.hpp uses std::exchange without it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <algorithm>
#include <atomic>
#include <cctype>
#include <csignal>
#include <optional>
#include <set>
#include <stdexcept>

#include "app/serve/http/origin.h"
#include "app/system/errors.h"

namespace digitorch {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

class Session;

}  // namespace

/// What the sessions share. They keep it alive, since a handler may reply after
/// the server was destroyed.
struct HttpServerState {
  HttpServerOptions options;
  HttpHandler handler;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  std::string address;  // as the user gave it
  uint16_t port = 0;
  std::set<Session*> sessions;
  std::size_t body_bytes = 0;  // promised to requests that are under way
  std::atomic<bool> closed = false;
};

namespace {

using Shared = std::shared_ptr<HttpServerState>;

void call(const std::function<void()>& event) {
  if (event) event();
}

/// One connection: reads a request, has it answered, and reads the next.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Shared server)
      : server_(std::move(server)), stream_(std::move(socket)) {
    server_->sessions.insert(this);
    beast::error_code ignored;
    stream_.socket().set_option(tcp::no_delay(true), ignored);
  }

  ~Session() {
    release_body();
    server_->sessions.erase(this);
  }

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void read();

  void close() { stream_.close(); }

  /// Ends the connection after the response that is under way, or now if it
  /// waits for a next request. The first request of a new connection may be on
  /// its way: it is waited for, unless `now`.
  void finish(bool now) {
    finishing_ = true;
    if (idle_ && (answered_ || now)) stream_.cancel();
  }

 private:
  using Result = void (Session::*)();

  /// A completion handler that keeps the session alive and goes on with `next`.
  auto then(Result next) {
    return [self = shared_from_this(), next](
               beast::error_code error, std::size_t /*bytes*/
           ) {
      if (error) return self->failed(error);
      (*self.*next)();
    };
  }

  void header_arrived();
  void read_body();
  void body_arrived();
  void answer();
  void refuse(int status, const std::string& message);
  void send(HttpResponse);
  void sent();
  void failed(beast::error_code);
  bool reserve_body();
  void release_body();
  std::string header(const std::string& name) const;

  Shared server_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  std::string path_;
  std::string query_;
  std::size_t reserved_ = 0;
  bool idle_ = true;
  bool answered_ = false;
  bool finishing_ = false;
  bool keep_ = true;
};

std::string Session::header(const std::string& name) const {
  const auto found = parser_->get().find(name);
  return found == parser_->get().end() ? "" : std::string(found->value());
}

void Session::read() {
  const HttpLimits& limits = server_->options.limits;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  // The limit depends on the path, which is not known yet.
  parser_->body_limit(limits.all_body_bytes);
  idle_ = true;
  stream_.expires_after(limits.header);
  http::async_read_header(
      stream_, buffer_, *parser_, then(&Session::header_arrived)
  );
}

void Session::header_arrived() {
  idle_ = false;
  const std::string target(parser_->get().target());
  const std::size_t mark = std::min(target.find('?'), target.size());
  path_ = target.substr(0, mark);
  query_ = target.substr(std::min(mark + 1, target.size()));
  const std::string host = header("Host");
  if (parser_->get().count(http::field::host) != 1)
    return refuse(400, "expected one Host header");
  if (!is_own_host(host, server_->address, server_->port))
    return refuse(403, "this server does not answer under this Host");
  if (!is_own_origin(header("Origin"), host))
    return refuse(403, "pages of another origin may not use this server");
  if (parser_->get().count(http::field::content_encoding) > 0)
    return refuse(415, "a compressed body; expected it as it is");
  if (reserve_body()) read_body();
}

/// Checks the announced length of the body against the limits; a body of
/// unannounced length counts as the longest.
bool Session::reserve_body() {
  const HttpLimits& limits = server_->options.limits;
  const std::size_t limit = limits.body_bytes(path_);
  const auto announced = parser_->content_length();
  if (announced && *announced > limit) {
    refuse(413, "more than " + std::to_string(limit) + " bytes");
    return false;
  }
  const std::size_t needed = announced   ? static_cast<std::size_t>(*announced)
                             : parser_->chunked() ? limit
                                                  : 0;
  if (server_->body_bytes + needed > limits.all_body_bytes) {
    refuse(503, "busy");
    return false;
  }
  parser_->body_limit(limit);
  reserved_ = needed;
  server_->body_bytes += needed;
  return true;
}

void Session::release_body() {
  server_->body_bytes -= reserved_;
  reserved_ = 0;
}

void Session::read_body() {
  stream_.expires_after(server_->options.limits.body);
  if (header("Expect") == "100-continue") {  // as curl sends for long bodies
    parser_->get().erase(http::field::expect);
    response_ = {http::status::continue_, 11};
    return http::async_write(stream_, response_, then(&Session::read_body));
  }
  http::async_read(stream_, buffer_, *parser_, then(&Session::body_arrived));
}

void Session::body_arrived() {
  stream_.expires_never();  // now it is the handler's turn
  keep_ = parser_->get().keep_alive();
  answer();
}

std::string media_type(std::string content_type) {
  content_type.erase(std::min(content_type.find(';'), content_type.size()));
  std::string type;
  for (const char c : content_type)
    if (c != ' ' && c != '\t')
      type += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return type;
}

void Session::answer() {
  HttpRequest request{
      .method = std::string(parser_->get().method_string()),
      .path = path_,
      .query = query_,
      .content_type = media_type(header("Content-Type")),
      .json_length = header("Inference-Header-Content-Length"),
      .body = std::move(parser_->get().body())};
  const HttpReply reply = [self = shared_from_this()](HttpResponse response) {
    // Replies come from any thread; the connection belongs to one.
    if (self->server_->closed) return;
    asio::post(
        self->server_->io, [self, response = std::move(response)]() mutable {
          self->send(std::move(response));
        }
    );
  };
  server_->handler(std::move(request), reply);
}

/// Answers without the handler and closes: what follows on the connection may
/// be the rest of a body that nobody wants.
void Session::refuse(int status, const std::string& message) {
  keep_ = false;
  if (server_->options.events.request_refused)
    server_->options.events.request_refused(status);
  send(http_error(status, message));
}

void Session::send(HttpResponse response) {
  response_ = {};
  response_.version(11);
  response_.result(static_cast<unsigned>(response.status));
  response_.set(http::field::content_type, response.content_type);
  response_.set("X-Content-Type-Options", "nosniff");
  if (response.status == 503) response_.set(http::field::retry_after, "1");
  for (const auto& [name, value] : response.headers)
    response_.set(name, value);
  response_.keep_alive(keep_ && !finishing_);
  if (parser_->get().method() != http::verb::head)
    response_.body() = std::move(response.body);
  response_.prepare_payload();
  stream_.expires_after(server_->options.limits.response);
  http::async_write(stream_, response_, then(&Session::sent));
}

void Session::sent() {
  release_body();
  answered_ = true;
  if (response_.keep_alive()) return read();
  beast::error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

/// A response for what is no HTTP; without one the last reference to the
/// session closes the connection.
void Session::failed(beast::error_code error) {
  if (error == beast::error::timeout) call(server_->options.events.timed_out);
  const bool malformed =
      error.category() == make_error_code(http::error::bad_method).category();
  if (!malformed || error == http::error::end_of_stream ||
      error == http::error::partial_message)
    return;
  const int status = error == http::error::body_limit     ? 413
                     : error == http::error::header_limit ? 431
                                                          : 400;
  refuse(status, error.message());
}

void accept_next(const Shared& server) {
  server->acceptor.async_accept(
      [server](beast::error_code error, tcp::socket socket) {
        // Also when the acceptor was closed meanwhile: this one had come.
        if (!error &&
            server->sessions.size() < server->options.limits.connections)
          std::make_shared<Session>(std::move(socket), server)->read();
        else if (!error)
          call(server->options.events.connection_refused);
        if (server->acceptor.is_open()) accept_next(server);
      }
  );
}

/// Takes the connections that still wait, since closing would reset them, and
/// lets all of them finish.
void stop_accepting(const Shared& server) {
  beast::error_code error;
  server->acceptor.cancel(error);
  server->acceptor.non_blocking(true, error);
  for (;;) {
    tcp::socket socket(server->io);
    server->acceptor.accept(socket, error);
    if (error) break;
    if (server->sessions.size() < server->options.limits.connections)
      std::make_shared<Session>(std::move(socket), server)->read();
  }
  server->acceptor.close(error);
  for (Session* session : server->sessions) session->finish(false);
}

/// Ends run() when no connection is left or the time for it is over.
void stop_when_idle(
    const Shared& server,
    const std::shared_ptr<asio::steady_timer>& timer,
    std::chrono::steady_clock::time_point stopped
) {
  const auto passed = std::chrono::steady_clock::now() - stopped;
  if (server->sessions.empty() ||
      passed >= server->options.limits.shutdown)
    return server->io.stop();
  if (passed >= std::chrono::seconds(1))
    for (Session* session : server->sessions) session->finish(true);
  timer->expires_after(std::chrono::milliseconds(10));
  timer->async_wait([=](beast::error_code error) {
    if (!error) stop_when_idle(server, timer, stopped);
  });
}

void watch_hangups(const Shared& server, asio::signal_set& hangups) {
  hangups.async_wait([&](beast::error_code error, int /*signal*/) {
    if (error) return;
    call(server->options.on_hangup);
    watch_hangups(server, hangups);
  });
}

[[noreturn]] void cannot_listen(
    const HttpServerOptions& options, const beast::error_code& error
) {
  throw EnvironmentError(
      options.address + " port " + std::to_string(options.port) + ": " +
      error.message() + "; choose another --port or --host"
  );
}

}  // namespace

HttpServer::HttpServer(HttpServerOptions options, HttpHandler handler)
    : state_(std::make_shared<HttpServerState>()) {
  state_->address = options.address;
  beast::error_code error;
  const auto address = asio::ip::make_address(
      options.address == "localhost" ? "127.0.0.1" : options.address, error
  );
  if (error)
    throw std::runtime_error(
        "--host: found '" + options.address +
        "'; expected an IP address of this machine, or localhost"
    );
  const tcp::endpoint endpoint(address, options.port);
  tcp::acceptor& acceptor = state_->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(128, error);
  if (error) cannot_listen(options, error);
  state_->port = acceptor.local_endpoint().port();
  state_->options = std::move(options);
  state_->handler = std::move(handler);
}

HttpServer::~HttpServer() {
  // What waits in the context refers to the state that holds the context.
  state_->closed = true;
  beast::error_code ignored;
  state_->acceptor.close(ignored);
  for (Session* session : state_->sessions) session->close();
  state_->io.restart();
  state_->io.poll();
}

uint16_t HttpServer::port() const { return state_->port; }

std::size_t HttpServer::connections() const { return state_->sessions.size(); }

int HttpServer::run() {
  int stopped_by = 0;
  asio::signal_set stops(state_->io, SIGINT, SIGTERM);
  asio::signal_set hangups(state_->io, SIGHUP);
  const auto timer = std::make_shared<asio::steady_timer>(state_->io);
  stops.async_wait([&](beast::error_code error, int signal) {
    if (error) return;
    stopped_by = signal;
    stop_accepting(state_);
    stop_when_idle(state_, timer, std::chrono::steady_clock::now());
  });
  watch_hangups(state_, hangups);
  accept_next(state_);
  state_->io.run();
  return stopped_by;
}

}  // namespace digitorch
