// A look inside a network: the outputs of its layers, the pixels that an answer
// depends on, and how its last hidden layer arranges pictures.
#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/image_set.h"
#include "models/networks/classifier.h"

namespace digitorch {

/// The output of each layer for `image`, uint8 [C, H, W], under the names of
/// a LayerTap: float [C, H, W] or [F], on the CPU. Leaves the model in
/// evaluation mode, as all functions here do.
NamedTensors layer_outputs(Classifier&, const torch::Tensor& image);

/// The number of all trained values, biases and normalisation included.
int64_t weight_count(const NamedTensors& parameters);

/// The number of trained values, biases and normalisation included, of a layer
/// named as by a LayerTap; 0 for layers without any, such as pooling.
int64_t weights_of_layer(
    const NamedTensors& parameters, const std::string& layer
);

/// The layer of a parameter, as a LayerTap names it: "conv 2" for
/// "conv.1.weight", "output" for "output.bias".
std::string layer_of_parameter(const std::string& parameter);

/// How much each pixel of `image`, uint8 [C, H, W], changes the log-probability
/// of class `label`: float [H, W], >= 0, on the CPU. It is the absolute value
/// of the gradient, averaged over seeded noisy copies (Smilkov et al.,
/// "SmoothGrad", 2017), and of several channels the largest.
torch::Tensor saliency(Classifier&, const torch::Tensor& image, int64_t label);

/// The features of a picture are the outputs of the last layer before the
/// logits; of a network without hidden layers, the pixels. Returns the rows of
/// `images`, uint8 [N, C, H, W], whose features have the smallest Euclidean
/// distance to those of `image`, uint8 [C, H, W]: min(count, N) of them, the
/// nearest first. Requires count >= 1.
std::vector<int64_t> nearest(
    Classifier&,
    const torch::Tensor& image,
    const torch::Tensor& images,
    int64_t count,
    int64_t batch_size
);

/// Pictures in the plane in which their features differ most.
struct Projection {
  torch::Tensor points;             ///< float64 [N, 2], on the CPU.
  std::array<double, 2> explained;  ///< Part of the variance along each axis,
                                    ///< 0..1.
};

/// The first two principal components of the features of N >= 1 pictures.
Projection project_features(Classifier&, const ImageSet&, int64_t batch_size);

}  // namespace digitorch
