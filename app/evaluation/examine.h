// What happens inside a network: what every layer makes of a picture, which
// pixels an answer hangs on, and how pictures lie in its last hidden layer.
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/image_set.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// image: uint8 [1, 28, 28]. What each layer gives, under the names of a
/// LayerTap: float [C, H, W] or [F], on the CPU. Leaves the model in evaluation
/// mode, as do all functions here.
NamedTensors layer_outputs(Classifier&, const torch::Tensor& image);

/// The number of all trained values.
int64_t weight_count(const NamedTensors& parameters);

/// The number of trained values, biases and normalisation included, of a layer
/// named as by a LayerTap; 0 for layers without any, such as pooling.
int64_t weights_of_layer(
    const NamedTensors& parameters, const std::string& layer
);

/// How much each pixel changes the log-probability of class `label`: float
/// [28, 28], >= 0, on the CPU. The gradient, averaged over seeded noisy copies
/// (Smilkov et al., "SmoothGrad", 2017), in absolute value.
torch::Tensor saliency(Classifier&, const torch::Tensor& image, int64_t label);

/// Pictures seen by the last layer before the logits, in the plane where they
/// differ most.
struct Projection {
  torch::Tensor points;             ///< float64 [N, 2], on the CPU.
  std::array<double, 2> explained;  ///< Parts of the variance, 0..1.
};

/// The rows of `images` (uint8 [N, 1, 28, 28]) whose features are nearest to
/// those of `image` (uint8 [1, 28, 28]), by Euclid's distance, the nearest
/// first; min(count, N) of them. Requires count >= 1.
std::vector<int64_t> nearest(
    Classifier&,
    const torch::Tensor& image,
    const torch::Tensor& images,
    int64_t count,
    int64_t batch_size
);

/// Principal components of the features (of the pixels, where the network has
/// no hidden layer). Requires N >= 1.
Projection project_features(Classifier&, const ImageSet&, int64_t batch_size);

}  // namespace digitorch
