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
  int64_t pictures = 10'000;       ///< Of the data set that batches come from.
  int64_t warmup = 5;              ///< Rounds before the first that counts.
  int64_t rounds = 20;             ///< >= 1.
  OptimizerOptions optimizer = {};
  LossOptions loss = {};
};

struct Benchmark {
  std::vector<double> seconds;  ///< Of each round: one batch.
  int64_t peak_bytes = 0;       ///< Largest resident memory of the process.

  double median() const;
  double least() const;
  double most() const;
};

/// Rounds of what the trainer does with a batch (gather, convert, forward,
/// backward, optimiser; no augmentation), or of what classification does
/// (gather, convert, forward), on random pictures. On a GPU the rounds are
/// captured, as the trainer's are.
Benchmark measure(const BenchmarkOptions&, torch::Device);

}  // namespace digitorch
