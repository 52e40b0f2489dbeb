// The layers of a network as values, for those that write it in the words of
// another program.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace digitorch {

/// Leaves pixels out at each edge of a picture.
struct CropLayer {
  int64_t pixels;
};

/// A convolution with stride 1. Its weights are `name`.weight and, without
/// batch norm, `name`.bias; those of the batch norm that follows are
/// `norm`.weight, .bias, .running_mean and .running_var.
struct ConvolutionLayer {
  std::string name;
  std::string norm;     ///< Empty where no batch norm follows.
  int64_t padding = 0;  ///< Zeros on each side of the picture, in pixels.
};

/// Max pooling with squares that do not overlap; what is left over at the right
/// and at the bottom is not read.
struct PoolingLayer {
  int64_t side = 2;  ///< In pixels.
};

/// [N, C, H, W] to [N, C * H * W].
struct FlattenLayer {};

/// A fully connected layer, with names as those of a convolution. It has a bias
/// with batch norm, too.
struct LinearLayer {
  std::string name;
  std::string norm;  ///< Empty where no batch norm follows.
};

struct ActivationLayer {
  std::string name;  ///< In activation.h.
};

using NetworkLayer = std::variant<
    CropLayer,
    ConvolutionLayer,
    PoolingLayer,
    FlattenLayer,
    LinearLayer,
    ActivationLayer>;

/// In the order of the forward pass, from the normalised picture to the logits.
/// Dropout, which acts in training alone, is left out.
using NetworkLayers = std::vector<NetworkLayer>;

}  // namespace digitorch
