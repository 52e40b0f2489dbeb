#include "app/evaluation/examine.h"

#include <torch/autograd.h>

#include <algorithm>

#include "datasets/generator.h"
#include "datasets/image_dataset.h"

namespace digitorch {
namespace {

// As in the paper's examples: a standard deviation of 15 % of the range, and
// enough copies to average the noise away.
constexpr int64_t kNoisyCopies = 32;
constexpr double kNoise = 0.15;

/// float [1, C, H, W] in 0..1 on the model's device.
torch::Tensor as_batch(const Classifier& model, const torch::Tensor& image) {
  return to_unit_range(image.unsqueeze(0).to(model.device()));
}

/// The output of the layer before the logits, [N, F]; the pixels where there is
/// no such layer.
torch::Tensor features(Classifier& model, const torch::Tensor& images) {
  torch::Tensor before = images;
  torch::Tensor latest = images;
  model.forward(images, [&](const std::string&, const torch::Tensor& output) {
    before = latest;
    latest = output;
  });
  return before.flatten(1);
}

/// The same for pictures uint8 [N, C, H, W], batch by batch: float64 [N, F],
/// on the CPU.
torch::Tensor features_of_all(
    Classifier& model, const torch::Tensor& images, int64_t batch_size
) {
  const torch::NoGradGuard no_grad;
  model.train(false);
  std::vector<torch::Tensor> parts;
  for (int64_t start = 0; start < images.size(0); start += batch_size) {
    const int64_t count = std::min(batch_size, images.size(0) - start);
    const torch::Tensor batch =
        to_unit_range(images.narrow(0, start, count).to(model.device()));
    parts.push_back(features(model, batch).to(torch::kCPU).to(torch::kFloat64));
  }
  return torch::cat(parts);
}

bool any_begins_with(const NamedTensors& tensors, const std::string& start) {
  return std::any_of(tensors.begin(), tensors.end(), [&](const auto& each) {
    return each.first.starts_with(start);
  });
}

/// The two directions in which centred rows vary most, [F, 2], and the
/// variances along all directions, ascending.
std::pair<torch::Tensor, torch::Tensor> principal_axes(
    const torch::Tensor& centred
) {
  const auto [variances, directions] =
      torch::linalg_eigh(centred.t().mm(centred));  // ascending
  const torch::Tensor axes =
      directions.flip(1).narrow(1, 0, std::min<int64_t>(2, directions.size(1)));
  // An axis and its opposite are equally right. The one whose largest component
  // is positive is taken, so that a network always gives the same picture.
  const torch::Tensor largest = axes.abs().argmax(0, true);
  return {axes * axes.gather(0, largest).sign(), variances.clamp_min(0)};
}

}  // namespace

NamedTensors layer_outputs(Classifier& model, const torch::Tensor& image) {
  const torch::NoGradGuard no_grad;
  model.train(false);
  NamedTensors outputs;
  model.forward(
      as_batch(model, image),
      [&](const std::string& layer, const torch::Tensor& output) {
        outputs.emplace_back(layer, output[0].to(torch::kCPU).contiguous());
      }
  );
  return outputs;
}

int64_t weight_count(const NamedTensors& parameters) {
  int64_t count = 0;
  for (const auto& [name, tensor] : parameters) count += tensor.numel();
  return count;
}

int64_t weights_of_layer(
    const NamedTensors& parameters, const std::string& layer
) {
  const size_t space = layer.find(' ');
  std::vector<std::string> starts;
  if (layer == "logits") starts = {"output."};
  if (space != std::string::npos) {
    const std::string kind = layer.substr(0, space);
    const std::string index =
        std::to_string(std::stoll(layer.substr(space + 1)) - 1) + ".";
    starts = {kind + "." + index};
    // Normalisation follows the convolutions where there are any.
    const bool has_conv = any_begins_with(parameters, "conv.");
    if (kind == (has_conv ? "conv" : "hidden"))
      starts.push_back("norm." + index);
  }
  int64_t count = 0;
  for (const auto& [name, tensor] : parameters)
    for (const std::string& start : starts)
      if (name.starts_with(start)) count += tensor.numel();
  return count;
}

std::string layer_of_parameter(const std::string& parameter) {
  const size_t kind = parameter.find('.');
  const size_t index = parameter.rfind('.');
  if (kind == index) return parameter.substr(0, kind);
  return parameter.substr(0, kind) + " " +
         std::to_string(
             std::stoll(parameter.substr(kind + 1, index - kind - 1)) + 1
         );
}

torch::Tensor saliency(
    Classifier& model, const torch::Tensor& image, int64_t label
) {
  model.train(false);
  const torch::Tensor noise = at::randn(
                                  model.input().sizes(kNoisyCopies),
                                  make_generator(0),
                                  torch::TensorOptions()
                              ) *
                              kNoise;
  torch::Tensor images =
      (as_batch(model, image) + noise.to(model.device())).detach();
  images.set_requires_grad(true);
  const torch::Tensor log_probability =
      model.forward(images).log_softmax(1).select(1, label).sum();
  const torch::Tensor gradient =
      torch::autograd::grad({log_probability}, {images}).front();
  return gradient.mean(0).abs().amax(0).to(torch::kCPU).contiguous();
}

std::vector<int64_t> nearest(
    Classifier& model,
    const torch::Tensor& image,
    const torch::Tensor& images,
    int64_t count,
    int64_t batch_size
) {
  const torch::Tensor rows = features_of_all(model, images, batch_size);
  const torch::Tensor one = features_of_all(model, image.unsqueeze(0), 1);
  const torch::Tensor distances = (rows - one).square().sum(1);
  const torch::Tensor found = std::get<1>(distances.topk(
      std::min(count, images.size(0)), /*dim=*/0, /*largest=*/false
  ));
  const int64_t* first = found.const_data_ptr<int64_t>();
  return {first, first + found.numel()};
}

Projection project_features(
    Classifier& model, const ImageSet& digits, int64_t batch_size
) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor rows = features_of_all(model, digits.images, batch_size);
  const torch::Tensor centred = rows - rows.mean(0, true);
  const auto [axes, variances] = principal_axes(centred);
  torch::Tensor points = centred.mm(axes);
  if (points.size(1) == 1)
    points = torch::cat({points, torch::zeros_like(points)}, 1);
  const double total = std::max(variances.sum().item<double>(), 1e-30);
  const torch::Tensor parts_of_variance = variances.flip(0) / total;
  const double second =
      parts_of_variance.numel() > 1 ? parts_of_variance[1].item<double>() : 0;
  return {points.contiguous(), {parts_of_variance[0].item<double>(), second}};
}

}  // namespace digitorch
