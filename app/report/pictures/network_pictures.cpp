#include "app/report/pictures/network_pictures.h"

#include <algorithm>

#include "app/evaluation/examine.h"
#include "app/evaluation/mistakes.h"
#include "app/report/drawing/layout.h"
#include "app/report/pictures/activations.h"
#include "app/report/pictures/embedding.h"
#include "app/report/pictures/image_grid.h"
#include "app/report/pictures/network_diagram.h"
#include "app/report/pictures/saliency.h"
#include "app/report/pictures/small_network.h"
#include "app/report/pictures/tensor_values.h"

namespace digitorch {
namespace {

constexpr size_t kMistakesShown = 40;
constexpr int kMistakesInARow = 8;
constexpr int kDecimals = 2;

/// The probability of each class, float64 [classes], from the last layer.
torch::Tensor probabilities(const NamedTensors& layers) {
  return layers.back().second.to(torch::kFloat64).softmax(0);
}

std::string title_of_mistakes(size_t shown, size_t all, int64_t pictures) {
  const auto text = [](size_t number) {
    return grouped(static_cast<int64_t>(number));
  };
  const std::string on = " on " + grouped(pictures) + " pictures";
  if (all == 0) return "No mistakes" + on;
  const std::string which =
      all > shown ? text(shown) + " of " + text(all) : "All " + text(all);
  return which + " mistakes" + on + ", the most confident first";
}

}  // namespace

Drawing picture_of_network(
    Classifier& model,
    const std::string& kind,
    const std::vector<std::string>& class_names
) {
  const NamedTensors parameters = model.parameters();
  const InputFormat& input = model.input();
  if (is_small_network(parameters, input))
    return draw_small_network(parameters, class_names, input);
  const std::vector<int64_t> shape = {
      input.channels, input.height, input.width};
  std::vector<LayerShape> layers = {{"input", shape, 0}};
  for (const auto& [name, output] :
       layer_outputs(model, torch::zeros(shape, torch::kUInt8)))
    layers.push_back(
        {name, output.sizes().vec(), weights_of_layer(parameters, name)}
    );
  return draw_network(
      kind + ", " + grouped(weight_count(parameters)) + " parameters", layers
  );
}

Drawing picture_of_activations(
    Classifier& model,
    const torch::Tensor& image,
    const std::vector<std::string>& class_names
) {
  const NamedTensors layers = layer_outputs(model, image);
  return draw_activations(
      pixel_picture(image, model.input().is_ink()),
      layers,
      class_names,
      values_of<double>(probabilities(layers))
  );
}

Drawing picture_of_mistakes(
    const Evaluation& evaluation, const ImageSet& pictures
) {
  const std::vector<Mistake> all = mistakes(evaluation);
  const auto& names = pictures.class_names;
  std::vector<CaptionedImage> shown;
  for (size_t i = 0; i < std::min(all.size(), kMistakesShown); ++i)
    shown.push_back(
        {pixel_picture(
             pictures.images[all[i].index], pictures.format().is_ink()
         ),
         {"is " + names[static_cast<size_t>(all[i].truth)],
          "said " + names[static_cast<size_t>(all[i].answer)],
          percent_text(all[i].probability, kDecimals)}}
    );
  return draw_image_grid(
      title_of_mistakes(shown.size(), all.size(), pictures.size()),
      shown,
      kMistakesInARow
  );
}

Drawing picture_of_saliency(
    Classifier& model,
    const torch::Tensor& image,
    const std::vector<std::string>& class_names
) {
  const torch::Tensor answer = probabilities(layer_outputs(model, image));
  const int64_t label = answer.argmax().item<int64_t>();
  return draw_saliency(
      pixel_picture(image, model.input().is_ink()),
      values_of<float>(saliency(model, image, label)),
      "|gradient| of each pixel for the answer " +
          class_names[static_cast<size_t>(label)] + " (" +
          percent_text(answer[label].item<double>(), kDecimals) + ")"
  );
}

Drawing picture_of_embedding(
    Classifier& model, const ImageSet& images, int64_t count
) {
  count = std::min(count, images.size());
  const ImageSet some = images.range(0, count);
  const Projection plane = project_features(model, some, kEvaluationBatch);
  std::vector<std::array<float, 2>> points;
  const auto row = plane.points.accessor<double, 2>();
  for (int64_t i = 0; i < count; ++i)
    points.push_back(
        {static_cast<float>(row[i][0]), static_cast<float>(row[i][1])}
    );
  return draw_embedding(
      points,
      values_of<int64_t>(some.labels),
      images.class_names,
      plane.explained
  );
}

}  // namespace digitorch
