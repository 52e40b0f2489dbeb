// A convolutional network, made of torch::nn modules.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/networks/classifier.h"
#include "models/options/fields.h"

namespace digitorch {

/// Layers of convolution, normalisation, pooling and ReLU, then fully connected
/// ones. PyTorch's MNIST example is channels 32,64, kernel 3, pool 1,2, padding
/// valid, hidden 128, conv_dropout 0.25, dropout 0.5, no batch norm.
struct CnnOptions {
  static constexpr const char* kKind = "cnn";

  std::vector<int64_t> channels{16, 32, 64};  ///< Of each convolution's output.
  std::vector<int64_t> kernel{3};  ///< Sides: one for all, or one each.
  std::vector<int64_t> pool{2};  ///< Sides of max pooling: likewise; 1 = none.
  /// same: pictures keep their size, kernels are odd; valid: no padding.
  std::string padding = "same";
  std::vector<int64_t> hidden{128};  ///< Units after the convolutions.
  double conv_dropout = 0;           ///< Of the last convolution's outputs.
  double dropout = 0.25;             ///< Of every hidden layer's outputs.
  bool batch_norm = false;           ///< After every convolution; slower.
};

std::vector<Field> fields(CnnOptions&);

/// "conv 3x3x32, pool 2, conv 3x3x64, pool 2, hidden 128, batch norm".
std::string summary(const CnnOptions&, int64_t classes);

std::unique_ptr<Classifier> make_classifier(
    const CnnOptions&, int64_t classes, double mean, double deviation
);

}  // namespace digitorch
