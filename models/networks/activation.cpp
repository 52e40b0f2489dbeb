#include "models/networks/activation.h"

#include <stdexcept>

namespace digitorch {

using torch::Tensor;

const std::vector<Activation>& activations() {
  static const std::vector<Activation> table = {
      {"relu",
       [](const Tensor& z) { return at::relu(z); },
       [](const Tensor& a) { return a.gt(0).to(a.dtype()); },
       "he"},
      {"tanh",
       [](const Tensor& z) { return at::tanh(z); },
       [](const Tensor& a) { return 1 - a * a; },
       "xavier"},
      {"sigmoid",
       [](const Tensor& z) { return at::sigmoid(z); },
       [](const Tensor& a) { return a * (1 - a); },
       "xavier"}};
  return table;
}

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const Activation& each : activations()) names.push_back(each.name);
  return names;
}

const Activation& activation_named(const std::string& name) {
  for (const Activation& each : activations())
    if (each.name == name) return each;
  throw std::logic_error("no activation is called " + name);
}

}  // namespace digitorch
