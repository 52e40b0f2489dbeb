#include "models/networks/fully_connected.h"

#include <cmath>
#include <stdexcept>

#include "models/networks/activation.h"
#include "models/options/limits.h"

namespace digitorch {

std::vector<Field> fully_connected_fields(
    std::vector<int64_t>& hidden,
    std::string& activation,
    std::string& initialisation
) {
  return {
      field(
          "hidden",
          hidden,
          kLayerWidth,
          "units of each fully connected hidden layer"
      ),
      field(
          "activation",
          activation,
          activation_names(),
          "after each hidden layer"
      ),
      field(
          "initialisation",
          initialisation,
          {"torch", "he", "xavier", "normal"},
          "how weights are drawn before training"
      )};
}

void check_fully_connected(
    const std::vector<int64_t>& hidden, int64_t classes
) {
  check_depth("hidden", hidden);
  check_weight_count("hidden", linear_weight_count(kInputs, hidden, classes));
}

std::string fully_connected_summary(
    const std::vector<int64_t>& hidden,
    const std::string& activation,
    int64_t classes
) {
  std::string text = std::to_string(kInputs);
  for (const int64_t units : hidden) text += "-" + std::to_string(units);
  text += "-" + std::to_string(classes);
  return hidden.empty() ? text : text + " " + activation;
}

void initialise(
    const std::string& how, torch::Tensor weight, torch::Tensor bias
) {
  const torch::NoGradGuard no_grad;
  const auto outputs = static_cast<double>(weight.size(0));
  const auto inputs = static_cast<double>(weight.size(1));
  if (how == "torch") {
    const double bound = 1 / std::sqrt(inputs);
    weight.uniform_(-bound, bound);
    bias.uniform_(-bound, bound);
  } else if (how == "he") {
    weight.normal_(0, std::sqrt(2 / inputs));
    bias.zero_();
  } else if (how == "xavier") {
    weight.normal_(0, std::sqrt(2 / (inputs + outputs)));
    bias.zero_();
  } else if (how == "normal") {
    weight.normal_();
    bias.normal_();
  } else {
    throw std::logic_error("no way to initialise weights is called " + how);
  }
}

}  // namespace digitorch
