#include "app/serve/http/server.h"

#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <stdexcept>

#include "app/serve/http/session.h"
#include "app/system/errors.h"

namespace digitorch {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using Shared = std::shared_ptr<HttpServerState>;

void call(const std::function<void()>& event) {
  if (event) event();
}

void accept_next(const Shared& server) {
  server->acceptor.async_accept([server](
                                    beast::error_code error, tcp::socket socket
                                ) {
    // Also when the acceptor was closed meanwhile: this one had come.
    if (!error && server->sessions.size() < server->options.limits.connections)
      std::make_shared<Session>(std::move(socket), server)->read();
    else if (!error)
      call(server->options.events.connection_refused);
    if (server->acceptor.is_open()) accept_next(server);
  });
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
  if (server->sessions.empty() || passed >= server->options.limits.shutdown)
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
  beast::error_code ignored;
  state_->acceptor.close(ignored);
  for (Session* session : state_->sessions) session->close();
  state_->io.restart();
  state_->io.poll();
  state_->closed = true;
  state_->io.restart();
  state_->io.poll();  // what other threads handed over meanwhile
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
