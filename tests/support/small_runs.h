// Training runs of a second, for tests of the trainer on any device.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "app/training/trainer.h"
#include "models/files/checkpoint.h"
#include "models/spec.h"

namespace digitorch::testing {

inline constexpr int64_t kClasses = 4;
inline constexpr int64_t kPictures = 80;

/// A network of some ten units of each kind. The layers of "fused" are such
/// that models/conv_pool computes them.
ModelSpec small_spec(const std::string& kind);

/// Of 80 pictures, 72 are trained on: 8 steps an epoch, the last one short.
TrainOptions small_options();

/// Stops after a number of steps; 0 never stops.
class StopAfter : public TrainObserver {
 public:
  explicit StopAfter(int64_t steps) : left_(steps) {}
  bool should_stop() override { return --left_ == 0; }

 private:
  int64_t left_;
};

struct TrainingRun {
  ModelSpec spec;
  std::unique_ptr<Classifier> model;
  std::unique_ptr<Trainer> trainer;
};

TrainingRun make_run(
    const ModelSpec&,
    const TrainOptions&,
    const ImageSet&,
    torch::Device device = torch::kCPU
);
/// The same with small_spec(kind).
TrainingRun make_run(
    const std::string& kind,
    const TrainOptions&,
    const ImageSet&,
    torch::Device device = torch::kCPU
);

Checkpoint checkpoint_of(const TrainingRun&);

/// All but the times, which differ from run to run, is equal to the bit.
void expect_equal(const Checkpoint&, const Checkpoint&);

}  // namespace digitorch::testing
