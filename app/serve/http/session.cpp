#include "app/serve/http/session.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "app/serve/http/origin.h"
#include "app/system/text.h"

namespace digitorch {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;

/// In lower case, without parameters such as a charset.
std::string media_type(std::string content_type) {
  content_type.erase(std::min(content_type.find(';'), content_type.size()));
  std::erase_if(content_type, [](char c) { return c == ' ' || c == '\t'; });
  return lower_case(std::move(content_type));
}

}  // namespace

Session::Session(tcp::socket socket, std::shared_ptr<HttpServerState> server)
    : server_(std::move(server)), stream_(std::move(socket)) {
  server_->sessions.insert(this);
  beast::error_code ignored;
  stream_.socket().set_option(tcp::no_delay(true), ignored);
}

Session::~Session() {
  if (server_->closed) return;
  release_body();
  server_->sessions.erase(this);
}

/// Lets the session's own thread call work(session), from any thread. The
/// session ends there too, since that changes what all sessions share.
template <class Work>
void Session::hand_back(std::shared_ptr<Session> session, Work work) {
  HttpServerState& server = *session->server_;
  if (server.closed) return;
  boost::asio::post(
      server.io,
      [self = std::move(session), work = std::move(work)]() mutable {
        work(*self);
      }
  );
}

/// A session for which a handler has not replied yet.
struct Session::Waiting {
  std::shared_ptr<Session> session;

  ~Waiting() {
    if (session) hand_back(std::move(session), [](Session&) {});
  }
};

void Session::finish(bool now) {
  finishing_ = true;
  if (idle_ && (answered_ || now)) stream_.cancel();
}

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
  if (!is_own_host(host, server_->options.address, server_->port))
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
  const std::size_t needed = announced ? static_cast<std::size_t>(*announced)
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

void Session::answer() {
  HttpRequest request{
      .method = std::string(parser_->get().method_string()),
      .path = path_,
      .query = query_,
      .content_type = media_type(header("Content-Type")),
      .json_length = header("Inference-Header-Content-Length"),
      .body = std::move(parser_->get().body())};
  const HttpReply reply = [waiting = std::make_shared<Waiting>(shared_from_this(
                           ))](HttpResponse response) {
    hand_back(
        std::move(waiting->session),
        [response = std::move(response)](Session& self) mutable {
          self.send(std::move(response));
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
  for (const auto& [name, value] : response.headers) response_.set(name, value);
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
  if (error == beast::error::timeout && server_->options.events.timed_out)
    server_->options.events.timed_out();
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

}  // namespace digitorch
