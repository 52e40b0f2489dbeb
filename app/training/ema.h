// Exponential moving average of a network's weights, which usually classifies
// better than the weights of any one step (Polyak and Juditsky, 1992).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "app/training/optimizers/step_number.h"
#include "models/networks/classifier.h"

namespace digitorch {

class Ema {
 public:
  /// Starts at the model's weights as they are. 0 < decay < 1. The model must
  /// outlive the average.
  Ema(const Classifier&, double decay);

  /// The part that the latest weights have in the average after step `step`,
  /// counted from 1: 1 - min(decay, (1 + step) / (10 + step)). It is larger
  /// early on, so that the random start is soon forgotten.
  double weight(int64_t step) const;

  /// To be called after each step: moves the average towards the latest weights
  /// by that part, 0..1, of the way.
  void update(const StepNumber& weight);

  /// Runs `work` with the averaged weights in the model's place.
  void apply_during(const std::function<void()>& work);

  /// The averages by state_dict name; the tensors are its own. Tensors that are
  /// not floating-point, such as batch norm's counter, have the model's latest
  /// value.
  const NamedTensors& weights() const { return averages_; }

 private:
  void copy_counters();

  NamedTensors current_;
  NamedTensors averages_;
  // The floating-point tensors of current_ and of averages_.
  std::vector<torch::Tensor> latest_;
  std::vector<torch::Tensor> averaged_;
  double decay_;
};

}  // namespace digitorch
