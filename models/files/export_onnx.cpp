#include "models/files/export_onnx.h"

#include <torch/nn/options/batchnorm.h>

#include <map>
#include <utility>
#include <variant>

#include "models/files/input_contract.h"
#include "models/files/protobuf.h"
#include "models/networks/activation.h"
#include "models/text/json_text.h"

// The numbers of fields and values below are those of ONNX's schema, which
// gains numbers but never changes one:
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
namespace digitorch {
namespace {

constexpr uint64_t kIrVersion = 8;
constexpr uint64_t kOperatorSet = 13;
constexpr uint64_t kFloat = 1;  // TensorProto.DataType.FLOAT
constexpr uint64_t kInt64 = 7;  // TensorProto.DataType.INT64

constexpr const char* kInput = "images";
constexpr const char* kOutput = "logits";

ProtobufMessage integer_attribute(const std::string& name, int64_t value) {
  return ProtobufMessage()
      .text(1, name)
      .number(3, static_cast<uint64_t>(value))
      .number(20, 2);  // AttributeType.INT
}

ProtobufMessage integers_attribute(
    const std::string& name, const std::vector<int64_t>& values
) {
  ProtobufMessage attribute;
  attribute.text(1, name);
  for (const int64_t value : values)
    attribute.number(8, static_cast<uint64_t>(value));
  return attribute.number(20, 7);  // AttributeType.INTS
}

/// A constant of the graph: whole numbers as int64, all others as float32.
ProtobufMessage initializer(
    const std::string& name, const torch::Tensor& values
) {
  const bool whole = values.scalar_type() == torch::kInt64;
  const torch::Tensor plain =
      (whole ? values : values.to(torch::kFloat32)).contiguous();
  ProtobufMessage tensor;
  for (const int64_t size : plain.sizes())
    tensor.number(1, static_cast<uint64_t>(size));
  return tensor.number(2, whole ? kInt64 : kFloat)
      .text(8, name)
      .text(
          9, {static_cast<const char*>(plain.const_data_ptr()), plain.nbytes()}
      );
}

/// A float tensor of the graph, whose first dimension is the batch's.
ProtobufMessage value_info(
    const std::string& name, const std::vector<int64_t>& sizes
) {
  ProtobufMessage shape;
  shape.add(1, ProtobufMessage().text(2, "N"));
  for (const int64_t size : sizes)
    shape.add(1, ProtobufMessage().number(1, static_cast<uint64_t>(size)));
  const ProtobufMessage tensor =
      ProtobufMessage().number(1, kFloat).add(2, shape);
  return ProtobufMessage().text(1, name).add(
      2, ProtobufMessage().add(1, tensor)
  );
}

using Weights = std::map<std::string, torch::Tensor>;

struct Affine {
  torch::Tensor weight;
  torch::Tensor bias;
};

/// The weights of a convolution or a fully connected layer and of the batch
/// norm behind it as those of one layer. `norm` is empty where none follows.
Affine folded(
    const Weights& weights, const std::string& name, const std::string& norm
) {
  const torch::Tensor weight = weights.at(name + ".weight");
  const auto own_bias = weights.find(name + ".bias");
  if (norm.empty()) return {weight, own_bias->second};
  // In double precision, so that only the sums are rounded.
  const auto of_norm = [&](const char* part) {
    return weights.at(norm + "." + part).to(torch::kFloat64);
  };
  const double epsilon = torch::nn::BatchNormOptions(1).eps();
  const torch::Tensor scale =
      of_norm("weight") / (of_norm("running_var") + epsilon).sqrt();
  torch::Tensor shift = -of_norm("running_mean");
  if (own_bias != weights.end()) shift = shift + own_bias->second;
  std::vector<int64_t> rows(static_cast<size_t>(weight.dim()), 1);
  rows.front() = -1;
  return {weight * scale.reshape(rows), of_norm("bias") + shift * scale};
}

struct Node {
  std::string type;                    // of its operator
  std::vector<std::string> constants;  // its inputs behind the first
  std::vector<ProtobufMessage> attributes;
};

/// A graph that is one chain of operators, each of which takes what the one
/// before it gives.
class Chain {
 public:
  explicit Chain(Weights weights) : weights_(std::move(weights)) {}

  void append(Node node) { nodes_.push_back(std::move(node)); }

  void constant(const std::string& name, const torch::Tensor& values) {
    constants_.add(5, initializer(name, values));
  }

  void operator()(const CropLayer& layer) {
    const auto pair = [](int64_t first, int64_t second) {
      return torch::tensor({first, second}, torch::kInt64);
    };
    constant("crop.starts", pair(layer.pixels, layer.pixels));
    constant("crop.ends", pair(-layer.pixels, -layer.pixels));
    constant("crop.axes", pair(2, 3));  // rows and columns of [N, C, H, W]
    append({"Slice", {"crop.starts", "crop.ends", "crop.axes"}, {}});
  }
  void operator()(const ConvolutionLayer& layer) {
    const int64_t kernel = weights_.at(layer.name + ".weight").size(-1);
    append(
        {"Conv",
         constants_of(layer.name, layer.norm),
         {integers_attribute("kernel_shape", {kernel, kernel}),
          integers_attribute("pads", std::vector<int64_t>(4, layer.padding))}}
    );
  }
  void operator()(const PoolingLayer& layer) {
    const std::vector<int64_t> sides = {layer.side, layer.side};
    append(
        {"MaxPool",
         {},
         {integers_attribute("kernel_shape", sides),
          integers_attribute("strides", sides)}}
    );
  }
  void operator()(const FlattenLayer&) {
    append({"Flatten", {}, {integer_attribute("axis", 1)}});
  }
  void operator()(const LinearLayer& layer) {
    append(
        {"Gemm",
         constants_of(layer.name, layer.norm),
         {integer_attribute("transB", 1)}}
    );
  }
  void operator()(const ActivationLayer& layer) {
    append({activation_named(layer.name).onnx, {}, {}});
  }

  /// The GraphProto, from pictures to logits.
  ProtobufMessage graph(const InputFormat& input, int64_t classes) const {
    ProtobufMessage made = constants_;
    std::string from = kInput;
    for (size_t i = 0; i < nodes_.size(); ++i) {
      const auto& [type, constants, attributes] = nodes_[i];
      const std::string to =
          i + 1 < nodes_.size() ? type + "_" + std::to_string(i) : kOutput;
      ProtobufMessage node;
      node.text(1, from);
      for (const std::string& each : constants) node.text(1, each);
      node.text(2, to).text(3, to).text(4, type);
      for (const ProtobufMessage& each : attributes) node.add(5, each);
      made.add(1, node);
      from = to;
    }
    return made.text(2, "digitorch")
        .add(
            11, value_info(kInput, {input.channels, input.height, input.width})
        )
        .add(12, value_info(kOutput, {classes}));
  }

 private:
  /// Stores the layer's weights and returns their names.
  std::vector<std::string> constants_of(
      const std::string& name, const std::string& norm
  ) {
    const Affine affine = folded(weights_, name, norm);
    constant(name + ".weight", affine.weight);
    constant(name + ".bias", affine.bias);
    return {name + ".weight", name + ".bias"};
  }

  const Weights weights_;
  ProtobufMessage constants_;  // of a GraphProto
  std::vector<Node> nodes_;
};

ProtobufMessage graph_of(const Checkpoint& checkpoint) {
  const ModelSpec& spec = checkpoint.spec;
  Chain chain({checkpoint.weights.begin(), checkpoint.weights.end()});
  chain.constant("mean", torch::full({1}, spec.mean));
  chain.constant("deviation", torch::full({1}, spec.std_dev));
  chain.append({"Sub", {"mean"}, {}});
  chain.append({"Div", {"deviation"}, {}});
  for (const NetworkLayer& layer : layers(spec.network))
    std::visit([&chain](const auto& each) { chain(each); }, layer);
  return chain.graph(spec.input, spec.classes);
}

}  // namespace

std::string export_onnx(
    const Checkpoint& checkpoint, const std::string& checkpoint_sha256
) {
  const std::pair<const char*, std::string> metadata[] = {
      {"class_names", dump_lenient(checkpoint.class_names)},
      {"input", dump_lenient(input_contract(checkpoint.spec))},
      {"spec", dump_lenient(to_json(checkpoint.spec))},
      {"metrics", dump_lenient(checkpoint.metrics)},
      {"checkpoint_sha256", checkpoint_sha256}};
  ProtobufMessage model;
  model.number(1, kIrVersion)
      .text(2, "digitorch")
      .add(7, graph_of(checkpoint))
      .add(8, ProtobufMessage().text(1, "").number(2, kOperatorSet));
  for (const auto& [key, value] : metadata)
    model.add(14, ProtobufMessage().text(1, key).text(2, value));
  return model.bytes();
}

}  // namespace digitorch
