// What the ranks exchange in every training step: one sum of all gradients, in
// which all that has to be decided once for all ranks rides along.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "app/training/distributed/world.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Of a batch over all ranks. Both are float32 scalars on the device.
struct BatchTotals {
  torch::Tensor loss;     ///< The mean over the whole batch.
  torch::Tensor correct;  ///< How many pictures were classified correctly.
};

/// What a rank found for its share of a batch.
struct ShareResult {
  /// Of the mean loss of the share, one for each parameter; zeros where the
  /// share is empty.
  std::vector<torch::Tensor> gradients;
  BatchResult batch;     ///< Undefined tensors where the share is empty.
  torch::Tensor labels;  ///< Of the share, by which answers are counted.
  double part;           ///< Of the whole batch's pictures, 0..1.
};

class StepExchange {
 public:
  /// seed: that of the run. The world must outlive the exchange.
  StepExchange(World&, torch::Device, uint64_t seed);

  /// To be called before step `step` of the run, counted from 0. Where there
  /// are several ranks, it seeds the device's default generator, from which
  /// dropout and augmentation draw, with seed, step and rank: so ranks draw
  /// different numbers, and a run goes on exactly without the generators of all
  /// ranks being kept. A single rank's generator is left alone.
  void begin_step(int64_t step);

  /// Replaces the values of the gradients by those of the mean loss of the
  /// whole batch: each share counts by its part. There is no host
  /// synchronisation where the device is a GPU.
  BatchTotals run(const ShareResult&);

  /// Hands over whether this rank wants to stop, and returns whether all ranks
  /// stop after the step that has just been done: where there are several, that
  /// is whether one of them wanted to before that step. look: the wish is read
  /// from a GPU, which waits for it, only in such steps; the same in all ranks.
  bool stops(bool wish, bool look);

  /// How long this rank has spent in exchanges, most of it in waiting for
  /// others; on a GPU only in asking for them.
  double seconds() const { return seconds_; }

 private:
  World& world_;
  torch::Device device_;
  uint64_t seed_;
  bool wished_ = false;
  double seconds_ = 0;
  torch::Tensor wish_;    // float32 scalar: 1 to stop
  torch::Tensor totals_;  // float32 [3]: wishes, loss, correct of the last step
};

}  // namespace digitorch
