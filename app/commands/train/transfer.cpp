#include "app/commands/train/transfer.h"

#include <algorithm>
#include <map>

#include "app/evaluation/examine.h"
#include "models/options/fields.h"

namespace digitorch {
namespace {

/// The weights, biases and statistics of one layer.
struct LayerTensors {
  std::string name;
  std::vector<std::pair<std::string, torch::Tensor>> tensors;
};

std::vector<LayerTensors> by_layer(const Classifier& model) {
  std::vector<LayerTensors> layers;
  for (const auto& [name, tensor] : state_dict(model)) {
    // Batch norm's numbers belong to the layer before it and fit with it.
    const std::string layer = layer_of_parameter(name);
    const auto known =
        std::find_if(layers.begin(), layers.end(), [&](const auto& each) {
          return each.name == layer;
        });
    auto& into = known == layers.end()
                     ? layers.emplace_back(LayerTensors{layer, {}})
                     : *known;
    into.tensors.emplace_back(name, tensor);
  }
  return layers;
}

}  // namespace

std::string Transfer::text() const {
  if (made.empty()) return "";
  return "keeps " + join(kept) + "; " + join(made) +
         (made.size() == 1 ? " begins anew" : " begin anew");
}

Transfer transfer(
    Classifier& model,
    const Checkpoint& from,
    const std::vector<std::string>& class_names
) {
  const std::map<std::string, torch::Tensor> given(
      from.weights.begin(), from.weights.end()
  );
  const torch::NoGradGuard no_grad;
  Transfer result;
  for (const auto& [layer, tensors] : by_layer(model)) {
    const bool fits =
        (layer != "output" || from.class_names == class_names) &&
        std::all_of(tensors.begin(), tensors.end(), [&](const auto& each) {
          const auto found = given.find(each.first);
          return found != given.end() &&
                 found->second.sizes() == each.second.sizes();
        });
    (fits ? result.kept : result.made).push_back(layer);
    if (fits)
      for (const auto& [name, tensor] : tensors)
        torch::Tensor(tensor).copy_(given.at(name));
  }
  return result;
}

}  // namespace digitorch
