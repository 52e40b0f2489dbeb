#include "models/networks/scratch.h"

#include <stdexcept>
#include <utility>

#include "models/networks/activation.h"
#include "models/networks/fully_connected.h"
#include "models/networks/initialisation.h"
#include "models/options/limits.h"

// The network for a batch of N pictures, one in each row. Layer l of L has n_l
// units, f is the activation, and * multiplies element by element:
//
//   a_0 = (x - mean) / std_dev                 [N, 784]
//   z_l = a_{l-1} W_l^T + b_l                  [N, n_l]
//   a_l = f(z_l)                  for l < L    [N, n_l]
//   p   = softmax(z_L)                         [N, classes]
//
// and the gradients of the mean loss C, from the last layer back to the first
// (Rumelhart, Hinton and Williams, "Learning representations by
// back-propagating errors", 1986):
//
//   delta_L = dC/dz_L                          [N, classes]
//   delta_l = (delta_{l+1} W_{l+1}) * f'(z_l)  [N, n_l]
//   dC/dW_l = delta_l^T a_{l-1}                [n_l, n_{l-1}]
//   dC/db_l = sum of delta_l over the batch    [n_l]

namespace digitorch {
namespace {

using torch::Tensor;

/// One-hot rows [N, classes], of which smoothing spreads a part evenly over all
/// classes.
Tensor targets(const Tensor& labels, const Tensor& logits, double smoothing) {
  const auto classes = static_cast<double>(logits.size(1));
  const double low = smoothing / classes;
  return at::full_like(logits, low)
      .scatter_(1, labels.unsqueeze(1), 1 - smoothing + low);
}

struct LossAndDelta {
  Tensor loss;   // scalar, the mean over the batch
  Tensor delta;  // [N, classes], the gradient of `loss` with respect to z
};

/// z: logits [N, classes]; t: targets [N, classes].
LossAndDelta differentiate_loss(
    const Tensor& z, const Tensor& t, LossKind kind
) {
  const auto n = static_cast<double>(z.size(0));
  // Subtracting a row's maximum leaves its softmax as it is and keeps exp from
  // overflowing.
  const Tensor shifted = z - z.amax(1, true);
  const Tensor exponential = shifted.exp();
  const Tensor total = exponential.sum(1, true);  // [N, 1]
  const Tensor p = exponential / total;
  const Tensor difference = (p - t) / n;
  switch (kind) {
    case LossKind::cross_entropy: {
      // C = -1/N sum t log p. Behind softmax its gradient is (p - t) / N.
      const Tensor log_p = shifted - total.log();
      return {-(t * log_p).sum() / n, difference};
    }
    case LossKind::squared_error: {
      // C = 1/2N sum (p - t)^2, and dp_k/dz_j = p_k (1[j = k] - p_j).
      const Tensor through_softmax =
          p * (difference - (difference * p).sum(1, true));
      return {difference.square().sum() * (n / 2), through_softmax};
    }
  }
  throw std::logic_error("a loss that scratch does not know");
}

struct Layer {
  Tensor weight;           // W_l [n_l, n_{l-1}]
  Tensor bias;             // b_l [n_l]
  Tensor weight_gradient;  // dC/dW_l
  Tensor bias_gradient;    // dC/db_l
};

Layer make_layer(int64_t inputs, int64_t outputs, const std::string& how) {
  Layer layer{at::empty({outputs, inputs}), at::empty({outputs}), {}, {}};
  initialisation_named(how).draw(layer.weight, layer.bias);
  return layer;
}

class Scratch : public Classifier {
 public:
  Scratch(
      const ScratchOptions& options,
      int64_t classes,
      double mean,
      double std_dev
  )
      : f_(activation_named(options.activation)),
        mean_(mean),
        std_dev_(std_dev) {
    int64_t width = kInputs;
    for (const int64_t units : options.hidden) {
      layers_.push_back(make_layer(width, units, options.initialisation));
      width = units;
    }
    layers_.push_back(make_layer(width, classes, options.initialisation));
  }

  BatchResult forward_backward(
      const Tensor& images, const Tensor& labels, const LossOptions& options
  ) override {
    const auto [a, z] = pass(images);
    const Tensor& logits = z.back();
    auto [loss, delta] = differentiate_loss(
        logits, targets(labels, logits, options.label_smoothing), options.kind
    );
    for (size_t l = layers_.size(); l-- > 0;) {
      Layer& layer = layers_[l];
      layer.weight_gradient = delta.t().mm(a[l]);
      layer.bias_gradient = delta.sum(0);
      if (l > 0) delta = delta.mm(layer.weight) * f_.slope(z[l - 1], a[l]);
    }
    return {loss, logits};
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
    for (const Layer& layer : layers_) {
      found.push_back(layer.weight_gradient);
      found.push_back(layer.bias_gradient);
    }
    return found;
  }

  NamedTensors buffers() const override { return {}; }

  void train(bool) override {}  // it computes the same in both modes

  void to(torch::Device device) override {
    for (Layer& layer : layers_)
      for (Tensor* each :
           {&layer.weight,
            &layer.bias,
            &layer.weight_gradient,
            &layer.bias_gradient})
        if (each->defined()) *each = each->to(device);
  }

 private:
  /// What the layers take and what their matrices give.
  struct Pass {
    std::vector<Tensor> a;  // a_0, ..., a_{L-1}
    std::vector<Tensor> z;  // z_1, ..., z_L
  };

  Pass pass(const Tensor& images) const {
    Pass made;
    Tensor a = ((images - mean_) / std_dev_).flatten(1);
    for (const Layer& layer : layers_) {
      if (!made.z.empty()) a = f_.value(made.z.back());
      made.a.push_back(a);
      made.z.push_back(at::addmm(layer.bias, a, layer.weight.t()));
    }
    return made;
  }

  Tensor compute(const Tensor& images, const LayerTap& tap) override {
    const auto [a, z] = pass(images);
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
  std::vector<Layer> layers_;
};

}  // namespace

std::vector<Field> fields(ScratchOptions& options) {
  return fully_connected_fields(
      options.hidden, options.activation, options.initialisation
  );
}

void check(const ScratchOptions& options, int64_t classes) {
  ScratchOptions copy = options;  // fields can also change what they refer to
  check_values(fields(copy));
  check_fully_connected(options.hidden, classes);
}

std::string summary(const ScratchOptions& options, int64_t classes) {
  return fully_connected_summary(options.hidden, options.activation, classes) +
         ", back-propagation by hand";
}

NetworkLayers layers(const ScratchOptions& options) {
  return fully_connected_layers(
      options.hidden.size(), options.activation, /*batch_norm=*/false
  );
}

std::unique_ptr<Classifier> make_classifier(
    const ScratchOptions& options, int64_t classes, double mean, double std_dev
) {
  check(options, classes);
  return std::make_unique<Scratch>(options, classes, mean, std_dev);
}

}  // namespace digitorch
