// What the steps of an epoch need, laid down on the device before the first of
// them. A step then needs nothing from the host, so that a captured one can be
// replayed.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace digitorch {

class EpochPlan {
 public:
  /// What one step needs, all of it on the device.
  struct Step {
    torch::Tensor indices;     ///< int64 [batch]: the pictures of the step.
    torch::Tensor lr;          ///< float32 scalar.
    torch::Tensor ema_weight;  ///< float32 scalar: the part that the latest
                               ///< weights have in their average.
    torch::Tensor mixed_in;    ///< float32 scalar: the part of the partners;
                               ///< undefined where nothing is mixed.
  };

  struct Size {
    int64_t pictures;
    int64_t batch_size;    ///< Pictures of a full batch.
    int64_t full_batches;  ///< The last step may have another size.
    int64_t steps;
    bool mixes = false;  ///< Whether steps have a part that is mixed in.
  };

  /// Makes room for an epoch.
  EpochPlan(const Size&, torch::Device);

  /// Lays down a whole epoch. order: int64 [pictures]; lr, ema_weights and, of
  /// a plan that mixes, mixed_in: one number for each step. The next step will
  /// be `first_step`.
  void begin(
      const torch::Tensor& order,
      const std::vector<float>& lr,
      const std::vector<float>& ema_weights,
      int64_t first_step,
      const std::vector<float>& mixed_in = {}
  );

  /// The next step, of a full batch. It counts on the device alone.
  Step next();
  /// The last step, where it is shorter than a full batch.
  Step rest() const;

 private:
  static Step step_of(
      const torch::Tensor& indices,
      const torch::Tensor& rates,
      const torch::Tensor& mixed_in
  );

  int64_t in_full_batches_;  // pictures
  torch::Tensor order_;
  torch::Tensor rates_;     // float [steps, 2]: lr, ema weight
  torch::Tensor mixed_in_;  // float [steps]; undefined where nothing is mixed
  torch::Tensor position_;  // int64 [1]
  torch::Tensor batches_;   // [full batches, batch_size]: part of order_
};

}  // namespace digitorch
