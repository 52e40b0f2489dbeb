// SGD, Adam and AdamW over ATen's fused kernels: all tensors in one call, which
// torch::optim does not offer; Adadelta piece by piece, each in cache. Works
// on any network that shows its parameters and gradients, autograd or not.
#pragma once

#include <string>
#include <vector>

#include "models/networks/classifier.h"

namespace digitorch {

struct OptimizerOptions {
  std::string kind = "adamw";  ///< sgd, adam, adamw or adadelta, as torch.optim
                               ///< has them.
  double momentum = 0.9;       ///< Of sgd; beta1 of adam and adamw.
  double beta2 = 0.999;        ///< Of adam and adamw; rho of adadelta.
  double weight_decay = 0.02;  ///< L2 gradient term; decoupled in adamw.
};

class Optimizer {
 public:
  /// `parameters` are changed in place by step(). Throws std::logic_error for
  /// an unknown kind.
  Optimizer(const OptimizerOptions&, NamedTensors parameters);

  /// One gradient for each parameter, in their order.
  void step(const std::vector<torch::Tensor>& gradients, double lr);
  /// The same with a rate that the host need not know: a float32 scalar on the
  /// parameters' device.
  void step(
      const std::vector<torch::Tensor>& gradients, const torch::Tensor& lr
  );

  /// What a later step depends on, under names "exp_avg.<parameter>" and so on.
  /// The tensors are the optimiser's own.
  NamedTensors state() const;

 private:
  std::vector<torch::Tensor> add_state(const std::string& name);
  // Rate: double or torch::Tensor.
  template <class Rate>
  void step_with(const std::vector<torch::Tensor>& gradients, const Rate& lr);
  /// All kinds, on a GPU in one kernel; false where it does not serve.
  template <class Rate>
  bool step_on_gpu(const std::vector<torch::Tensor>& gradients, const Rate& lr);
  template <class Rate>
  void step_sgd(const std::vector<torch::Tensor>& gradients, const Rate& lr);
  template <class Rate>
  void step_adam(const std::vector<torch::Tensor>& gradients, const Rate& lr);
  template <class Rate>
  void step_adadelta(
      const std::vector<torch::Tensor>& gradients, const Rate& lr
  );

  OptimizerOptions options_;
  NamedTensors named_;
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> first_;   // momentum, or mean of gradients or of
                                       // squared changes
  std::vector<torch::Tensor> second_;  // mean of squared gradients
  std::vector<torch::Tensor> steps_;   // float scalars: steps taken
  NamedTensors state_;
};

}  // namespace digitorch
