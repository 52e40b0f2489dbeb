// What training, evaluation, checkpoints and export need of any network,
// whether autograd or code written by hand computes its gradients.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "models/input/input_format.h"
#include "models/networks/loss.h"

namespace digitorch {

/// Tensors under the names of PyTorch's state_dict, in its order.
using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// What a forward and backward pass over a training batch returns.
struct BatchResult {
  torch::Tensor loss;    ///< Scalar, the batch's mean; no graph attached.
  torch::Tensor logits;  ///< [N, classes]; no graph attached.
};

/// A function that receives what each layer gives, in order: "conv 1"
/// [N, C, H, W], "pool 1", "hidden 1" [N, F], ..., "logits" [N, classes]. A
/// layer with an activation is seen after it.
using LayerTap =
    std::function<void(const std::string& layer, const torch::Tensor& output)>;

class Classifier {
 public:
  explicit Classifier(const InputFormat& input) : input_(input) {}
  Classifier(const Classifier&) = delete;
  Classifier& operator=(const Classifier&) = delete;
  virtual ~Classifier() = default;

  /// The pictures that it takes.
  const InputFormat& input() const { return input_; }

  /// images: float [N, C, H, W] in 0..1 of the sizes of input(); the network
  /// normalises them itself. Returns logits [N, classes]. A `tap`, where given,
  /// sees every layer.
  torch::Tensor forward(
      const torch::Tensor& images, const LayerTap& tap = nullptr
  ) {
    return compute(images, tap);
  }

  /// A forward and a backward pass, after which gradients() hold the gradient
  /// of the mean loss of this batch. Earlier gradients are replaced, not added
  /// to. images: as forward takes them; labels: int64 [N] in 0 .. classes - 1.
  virtual BatchResult forward_backward(
      const torch::Tensor& images,
      const torch::Tensor& labels,
      const LossOptions& options
  ) = 0;

  /// What is trained. The tensors are the network's own: writing to them in
  /// place changes the network.
  virtual NamedTensors parameters() const = 0;

  /// One gradient for each of parameters(), in the same order; undefined
  /// tensors before the first forward_backward().
  virtual std::vector<torch::Tensor> gradients() const = 0;

  /// State that is not trained, such as batch norm's running statistics.
  virtual NamedTensors buffers() const = 0;

  /// Switches to training mode, in which dropout acts and batch norm learns, or
  /// to evaluation mode.
  virtual void train(bool on) = 0;

  /// Evaluation mode for weights that stay as they are: what depends on them
  /// alone is computed once, which makes forward() of a few images cheaper and
  /// changes no bit of what it returns. Ends with the next train(true) or to();
  /// until then nobody may write to the weights.
  virtual void freeze() { train(false); }

  virtual void to(torch::Device) = 0;

  /// The device of the parameters, else of the buffers; the CPU where there are
  /// neither, as in a TorchScript file of constants.
  torch::Device device() const;

 private:
  virtual torch::Tensor compute(
      const torch::Tensor& images, const LayerTap& tap
  ) = 0;

  const InputFormat input_;
};

/// Parameters and buffers: what PyTorch's state_dict() of the equal module
/// holds. The tensors are the network's own.
NamedTensors state_dict(const Classifier&);

/// Copies weights into the network. Throws std::runtime_error naming `where`
/// and the first name, shape or type that does not match exactly; then nothing
/// was copied.
void load_state_dict(
    Classifier&, const NamedTensors& weights, const std::string& where
);

}  // namespace digitorch
