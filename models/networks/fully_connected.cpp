#include "models/networks/fully_connected.h"

#include "models/networks/activation.h"
#include "models/networks/initialisation.h"
#include "models/options/choices.h"
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
          activations(),
          "activation of the hidden layers"
      ),
      field(
          "initialisation",
          initialisation,
          initialisations(),
          "initialisation of the weights"
      )};
}

void check_fully_connected(
    const std::vector<int64_t>& hidden, const NetworkTask& task
) {
  check_depth("hidden", hidden);
  check_weight_count(
      "hidden", linear_weight_count(task.input.values(), hidden, task.classes)
  );
}

std::string fully_connected_summary(
    const std::vector<int64_t>& hidden,
    const std::string& activation,
    const NetworkTask& task
) {
  std::string text = std::to_string(task.input.values());
  for (const int64_t units : hidden) text += "-" + std::to_string(units);
  text += "-" + std::to_string(task.classes);
  return hidden.empty() ? text : text + " " + activation;
}

NetworkLayers fully_connected_layers(
    size_t hidden_layers, const std::string& activation, bool batch_norm
) {
  NetworkLayers all = {FlattenLayer{}};
  for (size_t i = 0; i < hidden_layers; ++i) {
    const std::string number = std::to_string(i);
    all.emplace_back(LinearLayer{
        "hidden." + number, batch_norm ? "norm." + number : ""});
    all.emplace_back(ActivationLayer{activation});
  }
  all.emplace_back(LinearLayer{"output", ""});
  return all;
}

}  // namespace digitorch
