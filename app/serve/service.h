// The paths of the server: its page, classification, the Open Inference
// Protocol, health and metrics. It turns requests into responses and knows no
// sockets.
#pragma once

#include <c10/core/thread_pool.h>

#include <functional>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>

#include "app/serve/http/message.h"
#include "app/serve/inference_queue.h"
#include "app/serve/service_metrics.h"

namespace digitorch {

struct ServiceOptions {
  /// Opens the network, at the start and whenever it is to be loaded anew.
  /// Throws std::runtime_error where the file is not a good one.
  std::function<ServedModel()> open_model;
  /// The number of open connections. Called where answer() is.
  std::function<std::size_t()> connections;
  torch::Device device = torch::kCPU;
  int threads = 1;         ///< Of the network.
  float sure_from = 0.5F;  ///< As PredictorOptions::sure_from.
  std::string version;     ///< Of the program.
};

class Service {
 public:
  /// Throws what ServiceOptions::open_model throws.
  explicit Service(ServiceOptions);

  /// Answers a request, at once or from another thread. Never throws: bad input
  /// gets a status of 400 to 499, and 503 what the machine cannot take.
  void answer(HttpRequest, const HttpReply&);

  /// The pictures that the network takes now.
  InputFormat input() const { return model()->classifier->input(); }

  /// Opens the network anew in the background and, if it is good, answers with
  /// it from then on. If not, the old one goes on.
  void reload();

  ServiceMetrics& metrics() { return metrics_; }

 private:
  struct Route;
  using Work = HttpResponse (Service::*)(const HttpRequest&);

  static const std::vector<Route>& routes();
  void start(const Route&, HttpRequest, const HttpReply&);
  std::shared_ptr<ServedModel> model() const;

  HttpResponse page(const HttpRequest&);
  HttpResponse health(const HttpRequest&);
  HttpResponse about_server(const HttpRequest&);
  HttpResponse about_model(const HttpRequest&);
  HttpResponse list_metrics(const HttpRequest&);
  HttpResponse classify(const HttpRequest&);
  HttpResponse infer(const HttpRequest&);
  HttpResponse load(const HttpRequest&);

  const ServiceOptions options_;
  ServiceMetrics metrics_;
  mutable std::mutex mutex_;
  std::shared_ptr<ServedModel> model_;
  InferenceQueue queue_;
  std::counting_semaphore<> decoding_;
  c10::ThreadPool workers_;  // last: they use all of the above
};

}  // namespace digitorch
