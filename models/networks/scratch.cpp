#include "models/networks/scratch.h"

#include <utility>

#include "models/networks/activation.h"
#include "models/networks/back_propagation.h"
#include "models/networks/fully_connected.h"
#include "models/options/limits.h"

// The layers, their activation and the gradients of their weights are those of
// back_propagation.h, where the equations are. Here the pixels become the input
// of the first layer:
//
//   a_0 = (x - mean) / std_dev                 [N, pixels]

namespace digitorch {
namespace {

using torch::Tensor;

class Scratch : public Classifier {
 public:
  Scratch(const ScratchOptions& options, const NetworkTask& task)
      : Classifier(task.input),
        f_(activation_named(options.activation)),
        mean_(task.mean),
        std_dev_(task.std_dev) {
    std::vector<int64_t> units = {task.input.values()};
    units.insert(units.end(), options.hidden.begin(), options.hidden.end());
    units.push_back(task.classes);
    layers_ = make_dense_layers(units, options.initialisation);
    gradients_.resize(layers_.size());
  }

  BatchResult forward_backward(
      const Tensor& images, const Tensor& labels, const LossOptions& options
  ) override {
    const ForwardPass pass = propagate(layers_, f_, input_of(images));
    BackwardPass back = propagate_back(layers_, f_, pass, labels, options);
    gradients_ = std::move(back.gradients);
    return {back.loss, pass.z.back()};
  }

  NamedTensors parameters() const override {
    NamedTensors named;
    for (size_t l = 0; l < layers_.size(); ++l) {
      const std::string name =
          l + 1 < layers_.size() ? "hidden." + std::to_string(l) : "output";
      named.emplace_back(name + ".weight", layers_[l].weight);
      named.emplace_back(name + ".bias", layers_[l].bias);
    }
    return named;
  }

  std::vector<Tensor> gradients() const override {
    std::vector<Tensor> found;
    for (const DenseLayer& gradient : gradients_) {
      found.push_back(gradient.weight);
      found.push_back(gradient.bias);
    }
    return found;
  }

  NamedTensors buffers() const override { return {}; }

  void train(bool) override {}  // it computes the same in both modes

  void to(torch::Device device) override {
    for (auto* layers : {&layers_, &gradients_})
      for (DenseLayer& layer : *layers)
        for (Tensor* each : {&layer.weight, &layer.bias})
          if (each->defined()) *each = each->to(device);
  }

 private:
  Tensor input_of(const Tensor& images) const {
    return ((images - mean_) / std_dev_).flatten(1);
  }

  Tensor compute(const Tensor& images, const LayerTap& tap) override {
    const auto [a, z] = propagate(layers_, f_, input_of(images));
    if (tap) {
      for (size_t l = 1; l < layers_.size(); ++l)
        tap("hidden " + std::to_string(l), a[l]);
      tap("logits", z.back());
    }
    return z.back();
  }

  const Activation& f_;
  double mean_;
  double std_dev_;
  std::vector<DenseLayer> layers_;
  std::vector<DenseLayer>
      gradients_;  // undefined before the first backward pass
};

}  // namespace

std::vector<Field> fields(ScratchOptions& options) {
  return fully_connected_fields(
      options.hidden, options.activation, options.initialisation
  );
}

void check(const ScratchOptions& options, const NetworkTask& task) {
  ScratchOptions copy = options;  // fields can also change what they refer to
  check_values(fields(copy));
  check_fully_connected(options.hidden, task);
}

std::string summary(const ScratchOptions& options, const NetworkTask& task) {
  return fully_connected_summary(options.hidden, options.activation, task) +
         ", back-propagation by hand";
}

NetworkLayers layers(const ScratchOptions& options) {
  return fully_connected_layers(
      options.hidden.size(), options.activation, /*batch_norm=*/false
  );
}

std::unique_ptr<Classifier> make_classifier(
    const ScratchOptions& options, const NetworkTask& task
) {
  check(options, task);
  return std::make_unique<Scratch>(options, task);
}

}  // namespace digitorch
