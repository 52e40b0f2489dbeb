#include "app/serve/service_metrics.h"

#include <fmt/format.h>

#include <algorithm>

namespace digitorch {
namespace {

std::string heading(
    const std::string& name, const std::string& help, const std::string& type
) {
  return fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

std::string single(
    const std::string& name,
    const std::string& help,
    const std::string& type,
    uint64_t value
) {
  return heading(name, help, type) + fmt::format("{} {}\n", name, value);
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1, 0) {}

void Histogram::add(double value) {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  ++counts_[static_cast<std::size_t>(bound - bounds_.begin())];
  sum_ += value;
  ++count_;
}

std::string Histogram::text(const std::string& name, const std::string& help)
    const {
  std::string text = heading(name, help, "histogram");
  uint64_t so_far = 0;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    so_far += counts_[i];
    text +=
        fmt::format("{}_bucket{{le=\"{}\"}} {}\n", name, bounds_[i], so_far);
  }
  text += fmt::format("{}_bucket{{le=\"+Inf\"}} {}\n", name, count_);
  text += fmt::format("{}_sum {}\n{}_count {}\n", name, sum_, name, count_);
  return text;
}

void ServiceMetrics::request(
    const std::string& path, int status, double seconds
) {
  const std::lock_guard lock(mutex_);
  ++requests_[{path, status}];
  seconds_.add(seconds);
}

void ServiceMetrics::batch(int64_t images) {
  const std::lock_guard lock(mutex_);
  batches_.add(static_cast<double>(images));
}

void ServiceMetrics::answer(const std::string& kind) {
  const std::lock_guard lock(mutex_);
  ++answers_[kind];
}

void ServiceMetrics::connection_refused() {
  const std::lock_guard lock(mutex_);
  ++refused_;
}

void ServiceMetrics::timed_out() {
  const std::lock_guard lock(mutex_);
  ++timeouts_;
}

std::string ServiceMetrics::text(const Now& now) const {
  const std::lock_guard lock(mutex_);
  std::string text = heading(
      "digitorch_requests_total", "Requests by path and status.", "counter"
  );
  for (const auto& [key, count] : requests_)
    text += fmt::format(
        "digitorch_requests_total{{path=\"{}\",code=\"{}\"}} {}\n",
        key.first,
        key.second,
        count
    );
  text += heading(
      "digitorch_answers_total", "Pictures of one digit by answer.", "counter"
  );
  for (const auto& [kind, count] : answers_)
    text += fmt::format(
        "digitorch_answers_total{{answer=\"{}\"}} {}\n", kind, count
    );
  text += seconds_.text(
      "digitorch_request_seconds", "Time from a request to its response."
  );
  text += batches_.text(
      "digitorch_batch_images", "Images that the network computed together."
  );
  text += single(
      "digitorch_connections_refused_total",
      "Connections closed because too many were open.",
      "counter",
      refused_
  );
  text += single(
      "digitorch_timeouts_total",
      "Connections closed because the client was slow.",
      "counter",
      timeouts_
  );
  text += single(
      "digitorch_connections", "Open connections.", "gauge", now.connections
  );
  text += single(
      "digitorch_queue", "Requests waiting for the network.", "gauge", now.queue
  );
  return text;
}

}  // namespace digitorch
