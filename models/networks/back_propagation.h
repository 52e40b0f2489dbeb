// Back-propagation by hand, as functions of values: tensors and matrix
// products, without autograd, torch::nn or torch::optim. The network scratch
// trains with them, and `digitorch backprop` shows every value of one step.
//
// For a batch of N pictures, one in each row, layer l of L has n_l units, f is
// the activation, and * multiplies element by element:
//
//   z_l = a_{l-1} W_l^T + b_l                  [N, n_l]
//   a_l = f(z_l)                  for l < L    [N, n_l]
//   p   = softmax(z_L)                         [N, classes]
//
// and the gradients of the mean loss C, from the last layer back to the first
// (Rumelhart, Hinton and Williams, "Learning representations by
// back-propagating errors", 1986):
//
//   delta_L = dC/dz_L                          [N, classes]
//   delta_l = (delta_{l+1} W_{l+1}) * f'(z_l)  [N, n_l]
//   dC/dW_l = delta_l^T a_{l-1}                [n_l, n_{l-1}]
//   dC/db_l = sum of delta_l over the batch    [n_l]
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "models/networks/activation.h"
#include "models/networks/loss.h"

namespace digitorch {

/// The weights of a fully connected layer, or their gradients.
struct DenseLayer {
  torch::Tensor weight;  ///< W_l [n_l, n_{l-1}].
  torch::Tensor bias;    ///< b_l [n_l].
};

/// Layers of these numbers of units, the inputs first, whose weights are drawn
/// from the default generator. initialisation: a name in initialisation.h.
std::vector<DenseLayer> make_dense_layers(
    const std::vector<int64_t>& units, const std::string& initialisation
);

/// What each layer takes and what its matrix gives.
struct ForwardPass {
  std::vector<torch::Tensor> a;  ///< a_0, ..., a_{L-1}.
  std::vector<torch::Tensor> z;  ///< z_1, ..., z_L; the last are the logits.
};

/// input: a_0 [N, n_0], of the type of the weights.
ForwardPass propagate(
    const std::vector<DenseLayer>&,
    const Activation&,
    const torch::Tensor& input
);

struct BackwardPass {
  torch::Tensor loss;                 ///< C, a scalar: the mean over the batch.
  std::vector<torch::Tensor> delta;   ///< delta_1, ..., delta_L.
  std::vector<DenseLayer> gradients;  ///< dC/dW_l and dC/db_l of each layer.
};

/// labels: int64 [N], 0 <= label < classes.
BackwardPass
propagate_back(const std::vector<DenseLayer>&, const Activation&, const ForwardPass&, const torch::Tensor& labels, const LossOptions&);

}  // namespace digitorch
