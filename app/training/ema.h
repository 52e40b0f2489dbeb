// Exponential moving average of a network's weights, which usually classifies
// better than the weights of any one step (Polyak and Juditsky, 1992).
#pragma once

#include <cstdint>
#include <functional>

#include "models/classifier.h"

namespace digitorch {

class Ema {
 public:
  /// Starts at the model's weights as they are. 0 < decay < 1. The model must
  /// outlive the average.
  Ema(const Classifier&, double decay);

  /// After step `step` (counted from 1). Early on the decay is smaller, so that
  /// the start is soon forgotten: min(decay, (1 + step) / (10 + step)).
  void update(int64_t step);

  /// Runs `work` with the averaged weights in the model's place.
  void apply_during(const std::function<void()>& work);

  /// Averages by state_dict name; the tensors are its own. What is not
  /// floating-point, such as batch norm's counter, is the model's latest.
  const NamedTensors& weights() const { return averages_; }

 private:
  NamedTensors current_;
  NamedTensors averages_;
  double decay_;
};

}  // namespace digitorch
