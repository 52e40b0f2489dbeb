// What a server counts, in the text format that Prometheus reads (version
// 0.0.4).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace digitorch {

/// How many values fell at or below each of a few bounds.
class Histogram {
 public:
  /// bounds: in increasing order.
  explicit Histogram(std::vector<double> bounds);

  void add(double value);

  /// The lines of the metric `name`, with its HELP and TYPE.
  std::string text(const std::string& name, const std::string& help) const;

 private:
  std::vector<double> bounds_;
  std::vector<uint64_t> counts_;  // one for each bound, and one above all
  double sum_ = 0;
  uint64_t count_ = 0;
};

/// All functions may be called from any thread.
class ServiceMetrics {
 public:
  /// path: one of the server's own; others must come as "other", so that
  /// clients cannot make the list grow.
  void request(const std::string& path, int status, double seconds);
  void batch(int64_t images);
  void answer(const std::string& kind);  ///< "sure", "unsure" or "blank".
  void connection_refused();
  void timed_out();

  struct Now {
    std::size_t connections = 0;
    std::size_t queue = 0;  ///< Requests that wait for the network.
  };
  std::string text(const Now&) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, uint64_t> requests_;
  std::map<std::string, uint64_t> answers_;
  Histogram seconds_{
      {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5}};
  Histogram batches_{{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}};
  uint64_t refused_ = 0;
  uint64_t timeouts_ = 0;
};

}  // namespace digitorch
