#include "models/networks/cnn.h"

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include <algorithm>
#include <stdexcept>
#include <variant>

#include "models/kernels/conv_pool.h"
#include "models/kernels/dense.h"
#include "models/kernels/dropout.h"
#include "models/kernels/step.h"
#include "models/networks/fully_connected.h"
#include "models/networks/module_classifier.h"
#include "models/options/limits.h"

namespace digitorch {
namespace {

namespace nn = torch::nn;

constexpr WholeRange kChannels{1, 4096};
constexpr WholeRange kSides = kInputSides;  // of kernels and pooling
constexpr WholeRange kCrop{0, kInputSides.max / 2};

/// One value for each layer, from a list of one for all or one for each.
std::vector<int64_t> spread(
    const std::string& option, const std::vector<int64_t>& values, size_t layers
) {
  if (values.size() == layers) return values;
  if (values.size() == 1) return std::vector<int64_t>(layers, values.front());
  throw std::runtime_error(
      option + ": found " + std::to_string(values.size()) +
      " sizes; expected 1, or " + std::to_string(layers) +
      ", one for each of the channels"
  );
}

[[noreturn]] void refuse(
    const std::string& option,
    int64_t value,
    size_t layer,
    const std::string& expected
) {
  throw std::runtime_error(
      option + ": found " + std::to_string(value) + " at layer " +
      std::to_string(layer + 1) + "; expected " + expected
  );
}

/// The shape of what a layer gives.
struct Maps {
  int64_t channels;
  int64_t height;
  int64_t width;

  int64_t values() const { return channels * height * width; }
};

/// The shape of the part of a picture that the network looks at. Throws
/// std::runtime_error naming the option where the crop leaves nothing.
Maps cropped_input(int64_t crop, const InputFormat& input) {
  const int64_t side = std::min(input.height, input.width);
  if (2 * crop >= side)
    throw std::runtime_error(
        "crop: found " + std::to_string(crop) + "; expected at most " +
        std::to_string((side - 1) / 2) + " for pictures of " +
        std::to_string(input.width) + "x" + std::to_string(input.height)
    );
  return {input.channels, input.height - 2 * crop, input.width - 2 * crop};
}

/// What the last convolution and its pooling give. Throws std::runtime_error
/// naming the option where nothing would be left, or a layer would give more
/// than limits.h allows.
Maps maps_after_layers(const CnnOptions& options, const InputFormat& input) {
  const bool same = options.padding == "same";
  Maps maps = cropped_input(options.crop, input);
  int64_t side = std::min(maps.height, maps.width);
  const int64_t longest = std::max(maps.height, maps.width);
  const std::string of_the_picture =
      "at most the " + std::to_string(longest) + " pixels of a picture's side" +
      (options.crop > 0 ? " inside the crop" : "");
  const auto what_is_left = [&side] {
    return "at most the " + std::to_string(side) + " pixels that are left";
  };
  for (size_t i = 0; i < options.channels.size(); ++i) {
    const int64_t kernel = options.kernel[i];
    const int64_t pool = options.pool[i];
    if (kernel > longest) refuse("kernel", kernel, i, of_the_picture);
    if (same && kernel % 2 == 0)
      refuse("kernel", kernel, i, "an odd side where padding is same");
    if (!same && kernel > side) refuse("kernel", kernel, i, what_is_left());
    const int64_t lost = same ? 0 : kernel - 1;
    maps = {options.channels[i], maps.height - lost, maps.width - lost};
    check_activation_count("channels", maps.values());
    side -= lost;
    if (pool > side) refuse("pool", pool, i, what_is_left());
    maps.height /= pool;
    maps.width /= pool;
    side /= pool;
  }
  return maps;
}

/// The options with kernel and pool spread to one value for each layer. Throws
/// std::runtime_error naming the option that does not fit.
CnnOptions validated(CnnOptions options, const NetworkTask& task) {
  check_values(fields(options));
  check_depth("channels", options.channels);
  check_depth("hidden", options.hidden);
  const size_t layers = options.channels.size();
  options.kernel = spread("kernel", options.kernel, layers);
  options.pool = spread("pool", options.pool, layers);
  int64_t conv_weights = 0;
  int64_t inputs = task.input.channels;
  for (size_t i = 0; i < layers; ++i) {
    const int64_t area = options.kernel[i] * options.kernel[i];
    conv_weights += (inputs * area + 1) * options.channels[i];
    inputs = options.channels[i];
  }
  check_weight_count("channels", conv_weights);
  check_weight_count(
      "hidden",
      conv_weights + linear_weight_count(
                         maps_after_layers(options, task.input).values(),
                         options.hidden,
                         task.classes
                     )
  );
  return options;
}

nn::Conv2d make_conv(
    int64_t inputs, int64_t outputs, int64_t kernel, const CnnOptions& options
) {
  nn::Conv2dOptions conv(inputs, outputs, kernel);
  if (options.padding == "same") conv.padding(torch::kSame);
  // Batch norm removes any constant before it and adds a bias of its own.
  conv.bias(!options.batch_norm);
  return nn::Conv2d(conv);
}

/// The pictures, [N, C, H, W], without `crop` pixels at each edge.
torch::Tensor cropped(const torch::Tensor& images, int64_t crop) {
  if (crop == 0) return images;
  return images.slice(2, crop, -crop).slice(3, crop, -crop);
}

/// The same pictures, with strides of channels-last order. Then every layer
/// before flatten computes in that order, which is faster on a CPU, while all
/// weights stay in plain order. Pixels of one channel are in it already.
torch::Tensor in_channels_last(const torch::Tensor& x) {
  const torch::Tensor last = x.size(1) == 1
                                 ? x.reshape({-1, x.size(2), x.size(3), 1})
                                 : x.permute({0, 2, 3, 1}).contiguous();
  return last.permute({0, 3, 1, 2});
}

class CnnImpl : public torch::nn::Module {
 public:
  /// Throws std::runtime_error naming the option that does not fit.
  CnnImpl(const CnnOptions&, const NetworkTask&);

  /// images: float [N, C, H, W] in 0..1. Returns logits [N, classes].
  torch::Tensor forward(const torch::Tensor& images, const LayerTap& tap);

  /// Keeps each convolution's weight as conv_pool_relu computes with it.
  void prepare();
  void forget_prepared() { prepared_.assign(conv_->size(), {}); }

 private:
  const CnnOptions options_;  // with a kernel and a pool for each layer
  const double mean_;
  const double std_dev_;
  torch::nn::ModuleList conv_;
  std::vector<torch::Tensor> prepared_;  // one for each of conv_, or undefined
  torch::nn::ModuleList norm_;
  torch::nn::ModuleList hidden_;
  torch::nn::Linear output_;
};
TORCH_MODULE(Cnn);

CnnImpl::CnnImpl(const CnnOptions& options, const NetworkTask& task)
    : options_(validated(options, task)),
      mean_(task.mean),
      std_dev_(task.std_dev),
      conv_(register_module("conv", nn::ModuleList())),
      norm_(register_module("norm", nn::ModuleList())),
      hidden_(register_module("hidden", nn::ModuleList())),
      output_(nullptr) {
  int64_t channels = task.input.channels;
  for (size_t i = 0; i < options_.channels.size(); ++i) {
    const int64_t outputs = options_.channels[i];
    conv_->push_back(make_conv(channels, outputs, options_.kernel[i], options_)
    );
    if (options_.batch_norm) norm_->push_back(nn::BatchNorm2d(outputs));
    channels = outputs;
  }
  int64_t width = maps_after_layers(options_, task.input).values();
  for (const int64_t units : options_.hidden) {
    hidden_->push_back(nn::Linear(width, units));
    width = units;
  }
  output_ = register_module("output", nn::Linear(width, task.classes));
  forget_prepared();
}

void CnnImpl::prepare() {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < conv_->size(); ++i)
    prepared_[i] = conv_pool_prepared(conv_->at<nn::Conv2dImpl>(i).weight);
}

torch::Tensor CnnImpl::forward(
    const torch::Tensor& images, const LayerTap& tap
) {
  torch::Tensor x = cropped(images, options_.crop);
  if (tap && options_.crop > 0) tap("crop", x);
  x = normalised(x, mean_, std_dev_);
  if (x.is_cpu()) x = in_channels_last(x);
  for (size_t i = 0; i < conv_->size(); ++i) {
    const auto& conv = conv_->at<nn::Conv2dImpl>(i);
    const int64_t padding =
        options_.padding == "same" ? options_.kernel[i] / 2 : 0;
    if (!options_.batch_norm && !tap &&
        conv_pool_serves(x, conv.weight, padding, options_.pool[i])) {
      x = conv_pool_relu(
          x, conv.weight, conv.bias, padding, options_.pool[i], prepared_[i]
      );
      continue;
    }
    x = conv_->at<nn::Conv2dImpl>(i).forward(x);  // [N, channels[i], H, W]
    if (options_.batch_norm) x = norm_->at<nn::BatchNorm2dImpl>(i).forward(x);
    const std::string layer = std::to_string(i + 1);
    if (tap) tap("conv " + layer, torch::relu(x));
    // The order of pooling and ReLU does not matter to the result, and after
    // pooling there are fewer elements.
    // All sizes in full: PyTorch's ONNX export understands no shorter form in a
    // TorchScript file.
    if (const int64_t side = options_.pool[i]; side > 1)
      x = torch::max_pool2d(x, {side, side}, {side, side}, {0, 0}, {1, 1});
    x = torch::relu_(x);  // in place, since nothing else reads x
    if (tap && options_.pool[i] > 1) tap("pool " + layer, x);
  }
  x = flattened(x);  // [N, channels * H * W], contiguous
  x = digitorch::dropout(x, options_.conv_dropout, is_training());
  for (size_t i = 0; i < hidden_->size(); ++i) {
    const auto& hidden = hidden_->at<nn::LinearImpl>(i);
    x = dense(x, hidden.weight, hidden.bias, /*relu=*/true);
    if (tap) tap("hidden " + std::to_string(i + 1), x);
    x = digitorch::dropout(x, options_.dropout, is_training());
  }
  x = dense(x, output_->weight, output_->bias, /*relu=*/false);
  // [N, classes]
  if (tap) tap("logits", x);
  return x;
}

}  // namespace

std::vector<Field> fields(CnnOptions& options) {
  return {
      field(
          "crop",
          options.crop,
          kCrop,
          "pixels at each edge of the picture that the network ignores"
      ),
      field(
          "channels",
          options.channels,
          kChannels,
          "output channels of each convolution"
      ),
      field(
          "kernel",
          options.kernel,
          kSides,
          "side of the convolutions in pixels: one for all or one for each"
      ),
      field(
          "pool",
          options.pool,
          kSides,
          "side of max pooling, 1 for none: one for all or one for each"
      ),
      field(
          "padding",
          options.padding,
          {"same", "valid"},
          "same keeps the size of pictures; valid shrinks them"
      ),
      field(
          "hidden",
          options.hidden,
          kLayerWidth,
          "units of each fully connected hidden layer"
      ),
      field(
          "conv-dropout",
          options.conv_dropout,
          kDropoutRange,
          "part of the last convolution's outputs dropped in training"
      ),
      field(
          "dropout",
          options.dropout,
          kDropoutRange,
          "part of the hidden outputs dropped in training"
      ),
      field(
          "batch-norm",
          options.batch_norm,
          "normalise the layers' outputs over each batch"
      )};
}

void check(const CnnOptions& options, const NetworkTask& task) {
  validated(options, task);
}

std::string summary(const CnnOptions& options, const NetworkTask& task) {
  const CnnOptions each = validated(options, task);
  std::string text;
  if (each.crop > 0) text += "crop " + std::to_string(each.crop) + ", ";
  for (size_t i = 0; i < each.channels.size(); ++i) {
    const std::string side = std::to_string(each.kernel[i]);
    text += "conv " + side + "x" + side + "x" +
            std::to_string(each.channels[i]) + ", ";
    if (each.pool[i] > 1) text += "pool " + std::to_string(each.pool[i]) + ", ";
  }
  for (const int64_t units : each.hidden)
    text += "hidden " + std::to_string(units) + ", ";
  if (each.batch_norm) text += "batch norm, ";
  if (each.conv_dropout > 0)
    text += "conv dropout " + to_text(each.conv_dropout) + ", ";
  if (each.dropout > 0) text += "dropout " + to_text(each.dropout) + ", ";
  return text + std::to_string(task.classes) + " classes";
}

NetworkLayers layers(const CnnOptions& options) {
  const size_t count = options.channels.size();
  const auto kernel = spread("kernel", options.kernel, count);
  const auto pool = spread("pool", options.pool, count);
  NetworkLayers all;
  if (options.crop > 0) all.emplace_back(CropLayer{options.crop});
  for (size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    all.emplace_back(ConvolutionLayer{
        .name = "conv." + number,
        .norm = options.batch_norm ? "norm." + number : "",
        .padding = options.padding == "same" ? kernel[i] / 2 : 0});
    all.emplace_back(ActivationLayer{"relu"});
    if (pool[i] > 1) all.emplace_back(PoolingLayer{pool[i]});
  }
  const NetworkLayers rest = fully_connected_layers(
      options.hidden.size(), "relu", /*batch_norm=*/false
  );
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

std::unique_ptr<Classifier> make_classifier(
    const CnnOptions& options, const NetworkTask& task
) {
  return std::make_unique<ModuleClassifier<Cnn>>(
      Cnn(options, task), task.input
  );
}

}  // namespace digitorch
