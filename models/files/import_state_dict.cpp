#include "models/files/import_state_dict.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>
#include <variant>

#include "models/files/safetensors.h"
#include "models/options/json_reader.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

using NamedSizes = std::map<std::string, std::vector<int64_t>>;

NamedSizes sizes_of(const NamedTensors& weights) {
  NamedSizes sizes;
  for (const auto& [name, tensor] : weights) sizes[name] = tensor.sizes().vec();
  return sizes;
}

/// The size in this dimension of layer.0.weight, layer.1.weight, ..., as far as
/// there are such weights.
std::vector<int64_t> sizes_in(
    const NamedSizes& weights, const std::string& layer, size_t dimension
) {
  std::vector<int64_t> sizes;
  for (;;) {
    const auto found =
        weights.find(layer + "." + std::to_string(sizes.size()) + ".weight");
    if (found == weights.end() || found->second.size() <= dimension)
      return sizes;
    sizes.push_back(found->second[dimension]);
  }
}

void take_sizes(CnnOptions& options, const NamedSizes& weights) {
  const size_t layers = options.channels.size();
  options.channels = sizes_in(weights, "conv", 0);
  options.kernel = sizes_in(weights, "conv", 2);
  if (options.kernel.empty()) options.kernel = {3};
  // One pooling for each layer of another network does not fit this one.
  if (options.channels.size() != layers && options.pool.size() > 1)
    options.pool = CnnOptions().pool;
  options.hidden = sizes_in(weights, "hidden", 0);
  options.batch_norm = weights.contains("norm.0.weight");
}

void take_sizes(MlpOptions& options, const NamedSizes& weights) {
  options.hidden = sizes_in(weights, "hidden", 0);
  options.batch_norm = weights.contains("norm.0.weight");
}

void take_sizes(ScratchOptions& options, const NamedSizes& weights) {
  options.hidden = sizes_in(weights, "hidden", 0);
}

/// The pictures that the first layer takes, as far as its shape shows them: the
/// channels of a convolution, the side of the square that a fully connected
/// layer sees.
InputFormat input_of(const NamedSizes& weights) {
  InputFormat input;
  if (const auto conv = weights.find("conv.0.weight"); conv != weights.end()) {
    if (conv->second.size() == 4 && conv->second[1] == 3) input.channels = 3;
  } else {
    const auto hidden = weights.find("hidden.0.weight");
    const auto first =
        hidden != weights.end() ? hidden : weights.find("output.weight");
    if (first == weights.end() || first->second.size() != 2) return input;
    for (const int64_t channels : {1, 3})
      for (int64_t side = 1; side <= kInputSides.max; ++side)
        if (channels * side * side == first->second[1])
          input = {input.pictures, channels, side, side};
  }
  if (input != InputFormat()) input.pictures = "plain";
  return input;
}

std::string list_of_names(const NamedTensors& weights) {
  constexpr size_t kShown = 6;
  std::vector<std::string> names;
  for (const auto& [name, tensor] : weights)
    if (names.size() < kShown) names.push_back(name);
  return names.empty() ? "none"
                       : join(names) + (weights.size() > kShown ? ", ..." : "");
}

/// The class names in the metadata of a file.
std::vector<std::string> names_in(
    const std::string& text, const std::string& file
) {
  const nlohmann::json list = parse_strict(text, file + ": class_names");
  std::vector<std::string> names;
  for (const JsonReader& name : JsonReader(list, file, "class_names").items())
    names.push_back(name.byte_text());
  return names;
}

/// The number of outputs of the last layer.
int64_t classes_of(
    const NamedSizes& sizes,
    const NamedTensors& weights,
    const std::string& name
) {
  const auto output = sizes.find("output.weight");
  if (output == sizes.end() || output->second.size() != 2)
    throw std::runtime_error(
        name + ": found no matrix 'output.weight' among the weights " +
        list_of_names(weights) +
        "; expected the names conv.0.weight, hidden.0.weight, output.weight "
        "and so on: digitorch export --format safetensors shows them"
    );
  return output->second.front();
}

/// Float tensors as float32; others as they are.
torch::Tensor in_float32(const torch::Tensor& tensor) {
  return tensor.is_floating_point() ? tensor.to(torch::kFloat32) : tensor;
}

/// Says which options decide the inputs of the layer behind the convolutions,
/// where those are not as the options have it.
void check_flat_features(
    Classifier& model, const NamedSizes& found, const std::string& name
) {
  for (const auto& [key, tensor] : model.parameters()) {
    if (key != "hidden.0.weight" && key != "output.weight") continue;
    const auto given = found.find(key);
    if (given == found.end() || given->second.size() != 2) return;
    if (given->second[1] == tensor.size(1)) return;
    throw std::runtime_error(
        name + ": found " + std::to_string(given->second[1]) + " inputs of '" +
        key + "'; expected " + std::to_string(tensor.size(1)) +
        ", as --padding and --pool leave of " + description(model.input())
    );
  }
}

/// Adds the counters of batch norm, which nothing but training reads, where
/// Python left them out.
NamedTensors with_counters(const Classifier& model, NamedTensors weights) {
  for (const auto& [name, tensor] : model.buffers()) {
    const bool known = std::any_of(
        weights.begin(),
        weights.end(),
        [&key = name](const auto& each) { return each.first == key; }
    );
    if (!known && name.ends_with(".num_batches_tracked"))
      weights.emplace_back(name, torch::zeros_like(tensor));
  }
  return weights;
}

}  // namespace

StateDict decode_state_dict(
    std::string_view bytes, const std::string& kind, const std::string& name
) {
  SafeTensors file = decode_safetensors(bytes, name);
  StateDict made;
  const NamedSizes sizes = sizes_of(file.tensors);
  std::string wanted = kind;
  if (wanted.empty()) wanted = sizes.contains("conv.0.weight") ? "cnn" : "mlp";
  made.network = default_network(wanted);
  made.input = input_of(sizes);
  if (const auto spec = file.metadata.find("spec");
      spec != file.metadata.end()) {
    const nlohmann::json json = parse_strict(spec->second, name + ": spec");
    const ModelSpec known = spec_from_json({json, name, "spec"});
    made.mean = known.mean;
    made.std_dev = known.std_dev;
    made.input = known.input;
    if (kind.empty() || kind_of(known.network) == kind)
      made.network = known.network;
  }
  if (const auto names = file.metadata.find("class_names");
      names != file.metadata.end())
    made.class_names = names_in(names->second, name);
  std::visit(
      [&sizes](auto& options) { take_sizes(options, sizes); }, made.network
  );
  made.classes = classes_of(sizes, file.tensors, name);
  for (auto& [key, tensor] : file.tensors)
    made.weights.emplace_back(key, in_float32(tensor));
  return made;
}

Checkpoint checkpoint_from(
    const ModelSpec& spec,
    std::vector<std::string> class_names,
    const NamedTensors& weights,
    const std::string& name
) {
  Checkpoint made;
  made.spec = spec;
  made.class_names = std::move(class_names);
  const auto model = make_model(spec);
  if (std::holds_alternative<CnnOptions>(spec.network))
    check_flat_features(*model, sizes_of(weights), name);
  load_state_dict(*model, with_counters(*model, weights), name);
  check_finite(weights, name);
  for (const auto& [key, tensor] : state_dict(*model))
    made.weights.emplace_back(key, tensor.detach());
  return made;
}

}  // namespace digitorch
