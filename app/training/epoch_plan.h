// All that the steps of an epoch are told, laid down on the device before the
// first of them: so a step needs no word from the host, and a captured one can
// be replayed.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace digitorch {

class EpochPlan {
 public:
  /// Of one step. The numbers are float32 scalars on the device.
  struct Step {
    torch::Tensor indices;  ///< int64 [batch]: its pictures.
    torch::Tensor lr;
    torch::Tensor ema_weight;  ///< Of the latest weights in their average.
  };

  /// Holds `steps` steps over so many pictures; the last may be short.
  EpochPlan(
      int64_t pictures, int64_t batch_size, int64_t steps, torch::Device device
  );

  /// Of a whole epoch: order int64 [pictures]; lr and ema_weights a number a
  /// step. The next step will be `first_step`.
  void begin(
      const torch::Tensor& order,
      const std::vector<float>& lr,
      const std::vector<float>& ema_weights,
      int64_t first_step
  );

  /// The next step, of a full batch. Counts on the device alone.
  Step next();
  /// The last step, where it is short.
  Step rest() const;

 private:
  static Step step_of(const torch::Tensor& indices, const torch::Tensor& rates);

  int64_t in_full_batches_;  // pictures
  torch::Tensor order_;
  torch::Tensor rates_;     // float [steps, 2]: lr, ema weight
  torch::Tensor position_;  // int64 [1]
  torch::Tensor batches_;   // [full batches, batch_size]: part of order_
};

}  // namespace digitorch
