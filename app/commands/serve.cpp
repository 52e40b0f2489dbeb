// `digitorch serve`: a page to draw digits on, and an HTTP service for
// programs.
#include <torch/utils.h>

#include <iostream>
#include <memory>

#include "app/cli/class_names.h"
#include "app/cli/option_groups.h"
#include "app/commands/registry.h"
#include "app/predict/model_file.h"
#include "app/serve/http/server.h"
#include "app/serve/inference_protocol.h"
#include "app/serve/service.h"
#include "app/system/signals.h"
#include "models/files/sha256.h"

namespace digitorch {
namespace {

struct ServeOptions {
  std::string model;
  TorchScriptOptions torchscript;
  std::string host = "127.0.0.1";
  int64_t port = 8080;
  double min_confidence = 0;
  ComputeOptions compute;
};

std::vector<OptionGroup> groups(ServeOptions& o) {
  return {
      {"Model",
       std::vector<Field>{model_field(o.model)} + fields(o.torchscript) +
           std::vector<Field>{field(
               "min-confidence",
               o.min_confidence,
               RealRange{0, 1},
               "Report answers below this probability as unsure (without it: "
               "below 0.5)"
           )}},
      {"Server",
       {field(
            "host",
            o.host,
            "IP address to listen at; 0.0.0.0 for all of this machine"
        ),
        field(
            "port", o.port, {0, 65535}, "Port; 0 lets the system choose one"
        )}},
      {"Computing", fields(o.compute)}};
}

ServedModel open_model(const ServeOptions& options, torch::Device device) {
  LoadedModel loaded = load_model(
      options.model,
      options.torchscript.trust,
      names_of_classes(options.torchscript.classes)
  );
  loaded.classifier->to(device);
  loaded.classifier->freeze();
  return {
      .classifier = std::move(loaded.classifier),
      .class_names = std::move(loaded.class_names),
      .name = std::move(loaded.name),
      .digest = std::move(loaded.digest)};
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string url(const std::string& host, uint16_t port) {
  const bool ipv6 = host.find(':') != std::string::npos;
  return "http://" + (ipv6 ? "[" + host + "]" : host) + ":" +
         std::to_string(port);
}

/// Pictures may be large; tensors need as much as the most images have, and
/// other paths take no body.
std::size_t most_bytes(const std::string& path, const InputFormat& input) {
  if (path == "/classify") return 16 << 20;
  return path.ends_with("/infer") ? most_inference_bytes(input) : 64 << 10;
}

int serve(const ServeOptions& options) {
  ignore_file_size_and_pipe_signals();
  const torch::Device device = prepare(options.compute);
  std::size_t connections = 0;
  Service service(
      {.open_model = [&] { return open_model(options, device); },
       .connections = [&] { return connections; },
       .device = device,
       .threads = at::get_num_threads(),
       .sure_from = options.min_confidence > 0
                        ? static_cast<float>(options.min_confidence)
                        : 0.5F,
       .version = DIGITORCH_VERSION}
  );
  ServiceMetrics& metrics = service.metrics();
  std::unique_ptr<HttpServer> server;
  server = std::make_unique<HttpServer>(
      HttpServerOptions{
          .address = options.host,
          .port = static_cast<uint16_t>(options.port),
          .limits =
              {.body_bytes = [&](const std::string& path
                             ) { return most_bytes(path, service.input()); }},
          .events = {
              .connection_refused = [&] { metrics.connection_refused(); },
              .timed_out = [&] { metrics.timed_out(); },
              .request_refused = [&](int status
                                 ) { metrics.request("refused", status, 0); }},
          .on_hangup = [&] { service.reload(); }},
      [&](HttpRequest request, const HttpReply& reply) {
        connections = server->connections();
        service.answer(std::move(request), reply);
      }
  );
  if (!is_loopback(options.host))
    print_warnings(
        {"whoever reaches this machine's network can use this server"}
    );
  std::cout << "serving at " << url(options.host, server->port()) << std::endl;
  std::cerr << "Press Ctrl-C to stop.\n";
  return 128 + server->run();
}

}  // namespace

Command serve_command() {
  const auto options = std::make_shared<ServeOptions>();
  return {
      .name = "serve",
      .summary = "Serve a page to draw digits on, and an HTTP service",
      .paths = "",
      .examples =
          {{"serve", "the page, on this machine alone"},
           {"serve --model runs/quickstart --port 0",
            "a network of your own, at a free port"}},
      .description =
          "Paths for other programs: POST /classify takes a picture, /v2 "
          "speaks "
          "the Open Inference Protocol, /metrics is for Prometheus. SIGHUP "
          "loads "
          "the model's file anew.",
      .groups = groups(*options),
      .run = [options](const Arguments&) { return serve(*options); }};
}

}  // namespace digitorch
