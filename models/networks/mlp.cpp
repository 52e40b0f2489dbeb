#include "models/networks/mlp.h"

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/linear.h>

#include "models/kernels/dense.h"
#include "models/kernels/dropout.h"
#include "models/kernels/step.h"
#include "models/networks/activation.h"
#include "models/networks/fully_connected.h"
#include "models/networks/initialisation.h"
#include "models/networks/module_classifier.h"
#include "models/options/limits.h"

namespace digitorch {
namespace {

namespace nn = torch::nn;

const MlpOptions& validated(
    const MlpOptions& options, const NetworkTask& task
) {
  check(options, task);
  return options;
}

nn::Linear make_linear(
    int64_t inputs, int64_t outputs, const std::string& initialisation
) {
  nn::Linear layer(inputs, outputs);
  const Initialisation& chosen = initialisation_named(initialisation);
  if (!chosen.is_linears_own) {
    const torch::NoGradGuard no_grad;
    chosen.draw(layer->weight, layer->bias);
  }
  return layer;
}

class MlpImpl : public torch::nn::Module {
 public:
  /// Throws std::runtime_error naming the option that does not fit.
  MlpImpl(const MlpOptions&, const NetworkTask&);

  /// images: float [N, C, H, W] in 0..1. Returns logits [N, classes].
  torch::Tensor forward(const torch::Tensor& images, const LayerTap& tap);

 private:
  const MlpOptions options_;
  const double mean_;
  const double std_dev_;
  const Activation& activation_;
  torch::nn::ModuleList hidden_;
  torch::nn::ModuleList norm_;
  torch::nn::Linear output_;
};
TORCH_MODULE(Mlp);

MlpImpl::MlpImpl(const MlpOptions& options, const NetworkTask& task)
    : options_(validated(options, task)),
      mean_(task.mean),
      std_dev_(task.std_dev),
      activation_(activation_named(options.activation)),
      hidden_(register_module("hidden", nn::ModuleList())),
      norm_(register_module("norm", nn::ModuleList())),
      output_(nullptr) {
  int64_t width = task.input.values();
  for (const int64_t units : options.hidden) {
    hidden_->push_back(make_linear(width, units, options.initialisation));
    if (options.batch_norm) norm_->push_back(nn::BatchNorm1d(units));
    width = units;
  }
  output_ = register_module(
      "output", make_linear(width, task.classes, options.initialisation)
  );
}

torch::Tensor MlpImpl::forward(
    const torch::Tensor& images, const LayerTap& tap
) {
  torch::Tensor x = normalised(images, mean_, std_dev_);
  x = x.flatten(1);  // [N, C * H * W]
  for (size_t i = 0; i < hidden_->size(); ++i) {
    const auto& hidden = hidden_->at<nn::LinearImpl>(i);
    x = dense(x, hidden.weight, hidden.bias, /*relu=*/false);
    // [N, hidden[i]]
    if (options_.batch_norm) x = norm_->at<nn::BatchNorm1dImpl>(i).forward(x);
    x = activation_.value(x);
    if (tap) tap("hidden " + std::to_string(i + 1), x);
    x = digitorch::dropout(x, options_.dropout, is_training());
  }
  x = dense(x, output_->weight, output_->bias, /*relu=*/false);
  // [N, classes]
  if (tap) tap("logits", x);
  return x;
}

}  // namespace

std::vector<Field> fields(MlpOptions& options) {
  std::vector<Field> all = fully_connected_fields(
      options.hidden, options.activation, options.initialisation
  );
  all.push_back(field(
      "dropout",
      options.dropout,
      kDropoutRange,
      "part of the hidden outputs dropped in training"
  ));
  all.push_back(field(
      "batch-norm",
      options.batch_norm,
      "normalise the layers' outputs over each batch"
  ));
  return all;
}

void check(const MlpOptions& options, const NetworkTask& task) {
  MlpOptions copy = options;  // fields can also change what they refer to
  check_values(fields(copy));
  check_fully_connected(options.hidden, task);
}

std::string summary(const MlpOptions& options, const NetworkTask& task) {
  std::string text =
      fully_connected_summary(options.hidden, options.activation, task);
  if (options.hidden.empty()) return text;
  if (options.batch_norm) text += ", batch norm";
  if (options.dropout > 0) text += ", dropout " + to_text(options.dropout);
  return text;
}

NetworkLayers layers(const MlpOptions& options) {
  return fully_connected_layers(
      options.hidden.size(), options.activation, options.batch_norm
  );
}

std::unique_ptr<Classifier> make_classifier(
    const MlpOptions& options, const NetworkTask& task
) {
  return std::make_unique<ModuleClassifier<Mlp>>(
      Mlp(options, task), task.input
  );
}

}  // namespace digitorch
