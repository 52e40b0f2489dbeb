// A fully connected network as a torch::nn module.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/classifier.h"
#include "models/fields.h"

namespace digitorch {

struct MlpOptions {
  static constexpr const char* kKind = "mlp";

  std::vector<int64_t> hidden{512, 256};  ///< Units of each layer; may be none.
  std::string activation = "relu";        ///< relu, tanh or sigmoid.
  /// torch: uniform, as nn.Linear does it. he, xavier: normal with deviation
  /// sqrt(2 / inputs) and sqrt(2 / (inputs + outputs)), biases 0. normal:
  /// weights and biases with deviation 1, whatever the width, as textbooks
  /// begin.
  std::string initialisation = "torch";
  double dropout = 0;  ///< Part of every hidden layer's outputs set to 0.
  bool batch_norm = false;  ///< Between each hidden layer and its activation.
};

std::vector<Field> fields(MlpOptions&);

/// "784-512-256-10 relu, batch norm, dropout 0.2".
std::string summary(const MlpOptions&, int64_t classes);

class MlpImpl : public torch::nn::Module {
 public:
  /// Throws std::runtime_error naming the option that does not fit.
  MlpImpl(
      const MlpOptions&,
      int64_t classes,
      double mean,
      double deviation
  );

  /// images: float [N, 1, 28, 28] in 0..1. Returns logits [N, classes].
  torch::Tensor forward(const torch::Tensor& images);

 private:
  const MlpOptions options_;
  const double mean_;
  const double deviation_;
  torch::Tensor (*const activation_)(const torch::Tensor&);
  torch::nn::ModuleList hidden_;
  torch::nn::ModuleList norm_;
  torch::nn::Linear output_;
};
TORCH_MODULE(Mlp);

std::unique_ptr<Classifier> make_classifier(
    const MlpOptions&,
    int64_t classes,
    double mean,
    double deviation
);

}  // namespace digitorch
