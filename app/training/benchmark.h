// How fast a network trains and classifies on this machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/training/options.h"
#include "models/spec.h"

namespace digitorch {

enum class Work { train, inference };

struct BenchmarkOptions {
  ModelSpec spec;
  Work work = Work::train;
  int64_t batch_size = 256;
  std::string precision = "fp32";  ///< One of precision_names().
  int64_t pictures = 10'000;       ///< Size of the data set.
  int64_t warmup = 5;              ///< Rounds before those that are timed.
  int64_t rounds = 20;             ///< Rounds that are timed, >= 1.
  OptimizerOptions optimizer = {};
  LossOptions loss = {};
};

struct Benchmark {
  std::vector<double> seconds;  ///< The time of each round, which is one batch.
  /// Processors that the rounds kept busy, on average: the program's processor
  /// time over the time by the clock. Less than the threads where a batch is
  /// too small to share, or other programs use the processors.
  double cores = 0;
  int64_t peak_bytes = 0;  ///< The largest resident memory of the process.

  double median() const;
  double min() const;
  double max() const;
};

/// Rounds of what the trainer does with a batch (gather, convert, forward,
/// backward, optimiser; no augmentation), or of what classification does
/// (gather, convert, forward), on random pictures. On a GPU the rounds are
/// captured, as the trainer's are.
Benchmark measure(const BenchmarkOptions&, torch::Device);

}  // namespace digitorch
