// Exponential moving average of a network's weights, which usually classifies
// better than the weights of any one step (Polyak and Juditsky, 1992).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/networks/classifier.h"

namespace digitorch {

class Ema {
 public:
  /// Starts at the model's weights as they are. 0 < decay < 1. The model must
  /// outlive the average.
  Ema(const Classifier&, double decay);

  /// Part that the weights have in their average after step `step` (counted
  /// from 1). Early on it is larger, so that the start is soon forgotten:
  /// 1 - min(decay, (1 + step) / (10 + step)).
  double weight(int64_t step) const;

  /// After a step: moves the averages to the latest weights by that part of the
  /// way. It may also be a float32 scalar on the model's device.
  void update(double weight);
  void update(const torch::Tensor& weight);

  /// Runs `work` with the averaged weights in the model's place.
  void apply_during(const std::function<void()>& work);

  /// Averages by state_dict name; the tensors are its own. What is not
  /// floating-point, such as batch norm's counter, is the model's latest.
  const NamedTensors& weights() const { return averages_; }

 private:
  void copy_counters();

  NamedTensors current_;
  NamedTensors averages_;
  // Of both, what is floating-point, and so has an average.
  std::vector<torch::Tensor> latest_;
  std::vector<torch::Tensor> averaged_;
  double decay_;
};

}  // namespace digitorch
