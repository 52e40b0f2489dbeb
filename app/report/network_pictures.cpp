#include "app/report/network_pictures.h"

#include "app/predict/examine.h"
#include "app/report/layers.h"
#include "app/report/layout.h"
#include "app/report/network_diagram.h"
#include "app/report/tensor_values.h"

namespace digitorch {
Drawing picture_of_network(
    Classifier& model,
    const std::string& kind,
    const std::vector<std::string>& class_names
) {
  const NamedTensors parameters = model.parameters();
  if (is_small_network(parameters))
    return draw_small_network(parameters, class_names);
  const std::vector<int64_t> shape = {1, kInputSide, kInputSide};
  std::vector<LayerShape> layers = {{"input", shape, 0}};
  for (const auto& [name, output] :
       layer_outputs(model, torch::zeros(shape, torch::kUInt8)))
    layers.push_back(
        {name, output.sizes().vec(), weights_of_layer(parameters, name)}
    );
  return draw_network(
      kind + ", " + grouped(weight_count(parameters)) + " weights", layers
  );
}

Drawing picture_of_activations(
    Classifier& model,
    const torch::Tensor& image,
    const std::vector<std::string>& class_names
) {
  const NamedTensors layers = layer_outputs(model, image);
  const torch::Tensor probabilities =
      layers.back().second.to(torch::kFloat64).softmax(0);
  return draw_activations(
      values_of<uint8_t>(image),
      layers,
      class_names,
      values_of<double>(probabilities)
  );
}

}  // namespace digitorch
