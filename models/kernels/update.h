// A step of an optimiser in one kernel on a GPU.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

namespace digitorch {

struct UpdateRule {
  std::string kind;  ///< sgd, adam, adamw or adadelta.
  double beta1;      ///< Or the momentum.
  double beta2;      ///< Or rho.
  double weight_decay;
  double epsilon;
};

/// A tensor of each for every parameter, or none where the rule has none.
struct UpdateTensors {
  std::vector<torch::Tensor> parameters;
  std::vector<torch::Tensor> gradients;
  std::vector<torch::Tensor> first;   ///< Momentum, or mean of gradients, or of
                                      ///< squared changes.
  std::vector<torch::Tensor> second;  ///< Mean of squared gradients.
  std::vector<torch::Tensor>
      steps;  ///< Float scalars: steps taken; counted on.
};

/// Whether update() can be used: few enough parameters, float32, contiguous and
/// on one GPU.
bool update_serves(
    const std::vector<torch::Tensor>& parameters,
    const std::vector<torch::Tensor>& gradients
);

/// Changes parameters and state as ATen's fused kernels do.
void update(const UpdateRule&, const UpdateTensors&, double lr);
/// The same with a rate on the device: a float32 scalar.
void update(const UpdateRule&, const UpdateTensors&, const torch::Tensor& lr);

}  // namespace digitorch
