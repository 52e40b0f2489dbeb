#include "app/serve/service.h"

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "app/serve/page.h"
#include "app/serve/question.h"
#include "app/system/exit_code.h"
#include "datasets/no_digit.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr const char* kModel = "digits";
// Most of the time they wait for the network, so more of them than processors
// fill its batches.
constexpr int kWorkers = 64;
// What the page may load: the server's own files and what it draws itself.
constexpr const char* kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

/// The response to what is being handled as an exception.
HttpResponse failure() {
  std::string message;
  const int code = exit_code_for_current_exception(message);
  const int status = code == kExitBadInput      ? 400
                     : code == kExitEnvironment ? 503
                                                : 500;
  return http_error(status, message);
}

/// Types that a web page cannot send to another origin without asking first.
bool is_asked_for(const std::string& content_type, bool picture) {
  if (content_type == "application/octet-stream") return true;
  return picture ? content_type.starts_with("image/")
                 : content_type.empty() || content_type == "application/json";
}

}  // namespace

/// One path of the server.
struct Service::Route {
  const char* method;
  std::string path;
  Work work;
  bool in_background = false;  // it takes long, or waits for the network
};

const std::vector<Service::Route>& Service::routes() {
  static const std::vector<Route> all = [] {
    const std::string model = std::string("/v2/models/") + kModel;
    std::vector<Route> made = {
        {"GET", "/health", &Service::health},
        {"GET", "/metrics", &Service::list_metrics},
        {"POST", "/classify", &Service::classify, true},
        {"GET", "/v2", &Service::about_server},
        {"GET", "/v2/health/live", &Service::health},
        {"GET", "/v2/health/ready", &Service::health},
        {"POST",
         std::string("/v2/repository/models/") + kModel + "/load",
         &Service::load,
         true}};
    for (const std::string& path : {model, model + "/versions/1"}) {
      made.push_back({"GET", path, &Service::about_model});
      made.push_back({"GET", path + "/ready", &Service::health});
      made.push_back({"POST", path + "/infer", &Service::infer, true});
    }
    for (const PageFile& file : page_files())
      made.push_back({"GET", file.path, &Service::page});
    return made;
  }();
  return all;
}

Service::Service(ServiceOptions options)
    : options_(std::move(options)),
      model_(std::make_shared<ServedModel>(options_.open_model())),
      queue_(
          {.threads = options_.threads,
           .device = options_.device,
           .on_batch = [this](int64_t images) { metrics_.batch(images); }}
      ),
      decoding_(options_.threads),
      workers_(kWorkers) {}

void Service::answer(HttpRequest request, const HttpReply& reply) {
  const Route* same_path = nullptr;
  for (const Route& route : routes()) {
    if (route.path != request.path) continue;
    if (route.method == request.method)
      return start(route, std::move(request), reply);
    same_path = &route;
  }
  metrics_.request(
      same_path ? same_path->path : "other", same_path ? 405 : 404, 0
  );
  if (!same_path) return reply(http_error(404, "there is no such path"));
  HttpResponse response = http_error(
      405, std::string("this path takes ") + same_path->method + " alone"
  );
  response.headers = {{"Allow", same_path->method}};
  reply(std::move(response));
}

void Service::start(
    const Route& route, HttpRequest request, const HttpReply& reply
) {
  const auto work = [this,
                     &route,
                     started = Clock::now(),
                     request = std::move(request)]() -> HttpResponse {
    HttpResponse response;
    try {
      response = (this->*route.work)(request);
    } catch (const std::exception&) {
      response = failure();
    }
    const std::chrono::duration<double> passed = Clock::now() - started;
    metrics_.request(route.path, response.status, passed.count());
    return response;
  };
  if (!route.in_background) return reply(work());
  // Together with what waits for the network it is bounded by the number of
  // connections, each of which has one request at a time.
  workers_.run([work, reply] { reply(work()); });
}

std::shared_ptr<ServedModel> Service::model() const {
  const std::lock_guard lock(mutex_);
  return model_;
}

void Service::reload() {
  workers_.run([this] {
    try {
      load({});
      std::cerr << "note: loaded " << model()->name << " anew\n";
    } catch (const std::exception&) {
      std::string message;
      exit_code_for_current_exception(message);
      std::cerr << "error: " << message << "; the old network goes on\n";
    }
  });
}

HttpResponse Service::page(const HttpRequest& request) {
  HttpResponse response;
  for (const PageFile& file : page_files())
    if (file.path == request.path) {
      response.content_type = file.content_type;
      response.body = file.text;
    }
  response.headers = {
      {"Content-Security-Policy", kPagePolicy},
      {"Referrer-Policy", "no-referrer"},
      {"Cache-Control", "no-cache"}};
  return response;
}

HttpResponse Service::health(const HttpRequest& /*request*/) { return {}; }

HttpResponse Service::about_server(const HttpRequest& /*request*/) {
  HttpResponse response;
  response.body = dump_lenient(
      {{"name", "digitorch"},
       {"version", options_.version},
       {"extensions", {"binary_tensor_data", "model_repository"}}}
  );
  return response;
}

HttpResponse Service::about_model(const HttpRequest& /*request*/) {
  const std::shared_ptr<ServedModel> served = model();
  const auto tensor = [](const char* name, const json& shape) {
    return json{{"name", name}, {"datatype", "FP32"}, {"shape", shape}};
  };
  const auto classes = static_cast<int64_t>(served->class_names.size());
  const json about = {
      {"name", kModel},
      {"versions", {"1"}},
      {"platform", "digitorch"},
      {"inputs", {tensor("images", served->classifier->input().sizes(-1))}},
      {"outputs",
       {tensor("logits", {-1, classes}),
        tensor("probabilities", {-1, classes})}},
      {"pictures", served->classifier->input().pictures},
      {"class_names", served->class_names},
      {"file", served->name},
      {"sha256", served->digest}};
  HttpResponse response;
  response.body = dump_lenient(about);
  return response;
}

HttpResponse Service::list_metrics(const HttpRequest& /*request*/) {
  HttpResponse response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = metrics_.text(
      {.connections = options_.connections(), .queue = queue_.waiting()}
  );
  return response;
}

HttpResponse Service::classify(const HttpRequest& request) {
  if (!is_asked_for(request.content_type, true))
    return http_error(415, "Content-Type: expected image/png or alike");
  const std::shared_ptr<ServedModel> served = model();
  return answer_picture(
      request,
      {queue_,
       decoding_,
       served,
       {.no_digit = no_digit_class(served->class_names),
        .sure_from = options_.sure_from}},
      metrics_
  );
}

HttpResponse Service::infer(const HttpRequest& request) {
  if (!is_asked_for(request.content_type, false))
    return http_error(415, "Content-Type: expected application/json");
  return answer_tensors(request, {queue_, decoding_, model(), {}}, kModel);
}

HttpResponse Service::load(const HttpRequest& /*request*/) {
  auto opened = std::make_shared<ServedModel>(options_.open_model());
  const std::lock_guard lock(mutex_);
  model_ = std::move(opened);
  return {};
}

}  // namespace digitorch
