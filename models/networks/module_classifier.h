// Any torch::nn module as a Classifier, with gradients by autograd.
#pragma once

#include <torch/nn/module.h>

#include <utility>
#include <vector>

#include "models/kernels/step.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// Net: a TORCH_MODULE holder whose forward takes pictures, float
/// [N, C, H, W] in 0..1, and a LayerTap that may be empty, and returns logits
/// [N, classes]. It may have prepare(), which computes what depends on the
/// weights alone, and forget_prepared().
template <class Net>
class ModuleClassifier : public Classifier {
 public:
  ModuleClassifier(Net net, const InputFormat& input)
      : Classifier(input), net_(std::move(net)) {}

  BatchResult forward_backward(
      const torch::Tensor& images,
      const torch::Tensor& labels,
      const LossOptions& options
  ) override {
    net_->zero_grad();
    const torch::Tensor logits = net_->forward(images, nullptr);
    if (options.kind == LossKind::cross_entropy &&
        !options.class_weights.defined() && !options.mixture.labels.defined())
      if (const auto known = cross_entropy_gradient(
              logits.detach(), labels, options.label_smoothing
          )) {
        logits.backward(known->gradient);
        return {known->loss, logits.detach()};
      }
    const torch::Tensor loss = mean_loss(logits, labels, options);
    loss.backward();
    return {loss.detach(), logits.detach()};
  }

  NamedTensors parameters() const override {
    return listed(net_->named_parameters());
  }

  std::vector<torch::Tensor> gradients() const override {
    std::vector<torch::Tensor> found;
    for (const torch::Tensor& parameter : net_->parameters())
      found.push_back(parameter.grad());
    return found;
  }

  NamedTensors buffers() const override {
    return listed(net_->named_buffers());
  }

  void train(bool on) override {
    if (on) thaw();
    net_->train(on);
  }

  void freeze() override {
    train(false);
    if constexpr (requires { net_->prepare(); }) net_->prepare();
  }

  void to(torch::Device device) override {
    thaw();
    net_->to(device);
  }

 private:
  torch::Tensor compute(const torch::Tensor& images, const LayerTap& tap)
      override {
    return net_->forward(images, tap);
  }

  void thaw() {
    if constexpr (requires { net_->forget_prepared(); })
      net_->forget_prepared();
  }

  static NamedTensors listed(
      const torch::OrderedDict<std::string, torch::Tensor>& tensors
  ) {
    NamedTensors list;
    for (const auto& item : tensors)
      list.emplace_back(item.key(), item.value());
    return list;
  }

  Net net_;
};

}  // namespace digitorch
