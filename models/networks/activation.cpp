#include "models/networks/activation.h"

#include "models/options/choices.h"

namespace digitorch {

using torch::Tensor;

const std::vector<Activation>& activations() {
  static const std::vector<Activation> table = {
      {"relu",
       "max(0, z)",
       [](const Tensor& z) { return at::relu(z); },
       [](const Tensor&, const Tensor& a) { return a.gt(0).to(a.dtype()); },
       "he",
       "Relu"},
      {"tanh",
       "from -1 to 1",
       [](const Tensor& z) { return at::tanh(z); },
       [](const Tensor&, const Tensor& a) { return 1 - a * a; },
       "xavier",
       "Tanh"},
      {"sigmoid",
       "from 0 to 1",
       [](const Tensor& z) { return at::sigmoid(z); },
       [](const Tensor&, const Tensor& a) { return a * (1 - a); },
       "xavier",
       "Sigmoid"}};
  return table;
}

const Activation& activation_named(const std::string& name) {
  return row_named(activations(), name, "activation");
}

}  // namespace digitorch
