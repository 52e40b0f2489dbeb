#include "app/commands/backprop/example.h"

#include <algorithm>
#include <stdexcept>
#include <variant>

#include "app/predict/model_file.h"
#include "datasets/files/image_file.h"
#include "datasets/prepare.h"
#include "models/networks/scratch.h"

namespace digitorch {
namespace {

/// Digits are shown, so pictures are ink.
const InputFormat kInk;

torch::Tensor rounded(const torch::Tensor& values, double steps) {
  return (values.to(torch::kFloat64) * steps).round() / steps;
}

/// A picture and, where it is known, its class.
struct LabelledPicture {
  torch::Tensor pixels;  // uint8 [1, 28, 28]
  std::string label;     // the name of the class; empty: unknown
  std::string where;
};

LabelledPicture read_picture(
    const BackpropOptions& options, const std::string& path
) {
  if (!path.empty()) {
    return {to_tensor(prepare(read_image(path).pixels, kInk).pixels), "", path};
  }
  const ImageSet test =
      load_evaluation_data(options.data.location_for(kInk)).test;
  if (options.sample >= test.size())
    throw std::runtime_error(
        "--sample: found " + std::to_string(options.sample) +
        "; expected less than the " + std::to_string(test.size()) +
        " test pictures"
    );
  const auto label = test.labels[options.sample].item<int64_t>();
  return {
      test.images[options.sample],
      test.class_names[static_cast<size_t>(label)],
      "test picture " + std::to_string(options.sample) + " of " +
          options.data.data};
}

int64_t label_among(
    const std::vector<std::string>& classes, const std::string& name
) {
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found == classes.end())
    throw std::runtime_error(
        "--label: found '" + name + "'; expected a class: " + join(classes)
    );
  return found - classes.begin();
}

std::vector<std::string> numbered_classes(int64_t count, int64_t first) {
  std::vector<std::string> names;
  for (int64_t i = 0; i < count; ++i)
    names.push_back(std::to_string(first + i));
  return names;
}

/// Layers of a new network. They are drawn as for training.
std::vector<DenseLayer> new_layers(
    const BackpropOptions& options, const std::vector<int64_t>& units
) {
  torch::manual_seed(static_cast<uint64_t>(options.seed));
  std::vector<DenseLayer> layers =
      make_dense_layers(units, options.initialisation);
  for (DenseLayer& layer : layers)
    layer = {layer.weight.to(torch::kFloat64), layer.bias.to(torch::kFloat64)};
  return layers;
}

std::vector<int64_t> checked_units(
    const BackpropOptions& options, const std::vector<int64_t>& otherwise
) {
  const auto& units = options.layers.empty() ? otherwise : options.layers;
  if (units.size() < 2)
    throw std::runtime_error(
        "--layers needs two numbers or more: the inputs and the classes"
    );
  return units;
}

NamedExample example_of_numbers(const BackpropOptions& options) {
  const std::vector<int64_t> units = checked_units(options, {2, 3, 2});
  std::vector<DenseLayer> layers = new_layers(options, units);
  for (DenseLayer& layer : layers)
    layer = {rounded(layer.weight, 100), rounded(layer.bias, 100)};
  const auto classes = numbered_classes(units.back(), 1);
  return {
      {.layers = std::move(layers),
       .activation = options.activation,
       .loss = {.kind = loss_named(options.loss).kind},
       .input = rounded(at::rand({1, units.front()}) * 0.9 + 0.1, 10),
       .label = label_among(
           classes, options.label.empty() ? classes.front() : options.label
       ),
       .lr = options.lr},
      "numbers drawn by the seed",
      classes};
}

/// Sets the layers, the activation and the input to those of a checkpoint.
void take_model(
    NamedExample& made, const std::string& file, const torch::Tensor& pixels
) {
  const LoadedCheckpoint loaded = load_checkpoint(file);
  const ModelSpec& spec = loaded.checkpoint.spec;
  const auto* network = std::get_if<ScratchOptions>(&spec.network);
  if (network == nullptr)
    throw std::runtime_error(
        file + ": holds a " + kind_of(spec.network) +
        "; backprop shows the network scratch, such as one of: digitorch "
        "train --preset classic"
    );
  const NamedTensors parameters = loaded.classifier->parameters();
  for (size_t i = 0; i + 1 < parameters.size(); i += 2)
    made.example.layers.push_back(
        {parameters[i].second.to(torch::kFloat64),
         parameters[i + 1].second.to(torch::kFloat64)}
    );
  if (spec.input != kInk)
    throw std::runtime_error(
        file + ": takes " + description(spec.input) + "; backprop shows " +
        "networks for " + description(kInk)
    );
  made.example.activation = network->activation;
  made.example.input = (pixels - spec.mean) / spec.std_dev;
  made.class_names = loaded.class_names;
}

NamedExample example_of_digit(
    const BackpropOptions& options, const std::string& path
) {
  const LabelledPicture picture = read_picture(options, path);
  const torch::Tensor pixels = to_unit_range(picture.pixels)
                                   .to(torch::kFloat64)
                                   .view({1, kInk.values()});
  NamedExample made{
      {.layers = {},
       .activation = options.activation,
       .loss = {.kind = loss_named(options.loss).kind},
       .input = pixels,
       .lr = options.lr},
      picture.where,
      {}};
  if (options.model.empty()) {
    const auto units = checked_units(options, {kInk.values(), 10, 10});
    if (units.front() != kInk.values())
      throw std::runtime_error(
          "--layers: found " + std::to_string(units.front()) +
          " inputs; expected " + std::to_string(kInk.values()) +
          ", the pixels of a picture"
      );
    made.example.layers = new_layers(options, units);
    made.class_names = numbered_classes(units.back(), 0);
  } else {
    take_model(made, options.model, pixels);
  }
  const std::string label =
      options.label.empty() ? picture.label : options.label;
  if (label.empty())
    throw std::runtime_error(
        picture.where + ": --label has to name its class, one of " +
        join(made.class_names)
    );
  made.example.label = label_among(made.class_names, label);
  return made;
}

}  // namespace

NamedExample make_example(
    const BackpropOptions& options, const std::string& picture
) {
  if (options.digit || !picture.empty() || !options.model.empty())
    return example_of_digit(options, picture);
  return example_of_numbers(options);
}

}  // namespace digitorch
