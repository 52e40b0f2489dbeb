// What training, evaluation, checkpoints and export need of any network,
// whether autograd or a hand computes its gradients.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace digitorch {

/// Side in pixels of the pictures that every network takes.
inline constexpr int64_t kInputSide = 28;

/// Tensors under the names of PyTorch's state_dict, in its order.
using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

enum class LossKind { cross_entropy, squared_error };

struct LossOptions {
  LossKind kind = LossKind::cross_entropy;
  double label_smoothing = 0;  ///< 0 <= s < 1, as in torch's CrossEntropyLoss.
};

/// The mean loss over a batch. logits: [N, classes]; labels: int64 [N].
/// squared_error is half the squared distance between the softmax of the logits
/// and the one-hot label, which smoothing blurs likewise. Returns a scalar.
torch::Tensor mean_loss(
    const torch::Tensor& logits,
    const torch::Tensor& labels,
    const LossOptions& options
);

/// What one training batch gave, before the weights move.
struct BatchResult {
  torch::Tensor loss;    ///< Scalar, mean over the batch; no graph attached.
  torch::Tensor logits;  ///< [N, classes]; no graph attached.
};

/// Told what each layer gives, in order: "conv 1" [N, C, H, W], "pool 1",
/// "hidden 1" [N, F], ..., "logits" [N, classes]; after its activation where it
/// has one.
using LayerTap =
    std::function<void(const std::string& layer, const torch::Tensor& output)>;

class Classifier {
 public:
  Classifier() = default;
  Classifier(const Classifier&) = delete;
  Classifier& operator=(const Classifier&) = delete;
  virtual ~Classifier() = default;

  /// images: float [N, 1, 28, 28] in 0..1; they are normalised inside.
  /// Returns logits [N, classes]. `tap`, where given, sees every layer.
  torch::Tensor forward(
      const torch::Tensor& images, const LayerTap& tap = nullptr
  ) {
    return compute(images, tap);
  }

  /// One forward and backward pass: afterwards gradients() hold the gradient of
  /// the mean loss of this batch; earlier ones are replaced, not added to.
  virtual BatchResult backward(
      const torch::Tensor& images,
      const torch::Tensor& labels,
      const LossOptions& options
  ) = 0;

  /// What is trained. The tensors are the model's own: writing to them in place
  /// changes the model.
  virtual NamedTensors parameters() const = 0;

  /// One gradient for each of parameters(), in its order; undefined before the
  /// first backward().
  virtual std::vector<torch::Tensor> gradients() const = 0;

  /// State that is not trained, such as batch norm's running statistics.
  virtual NamedTensors buffers() const = 0;

  /// Training mode (dropout acts, batch norm learns) or evaluation mode.
  virtual void train(bool on) = 0;

  virtual void to(torch::Device) = 0;

  torch::Device device() const;

 private:
  virtual torch::Tensor compute(
      const torch::Tensor& images, const LayerTap& tap
  ) = 0;
};

/// Parameters and buffers: what PyTorch's state_dict() of the equal module
/// holds. The tensors are the model's own.
NamedTensors state_dict(const Classifier&);

/// Copies weights into the model. Throws std::runtime_error naming `where` and
/// the first name, shape or type that does not match exactly.
void load_state_dict(
    Classifier&, const NamedTensors& weights, const std::string& where
);

}  // namespace digitorch
