// A convolutional network, made of torch::nn modules.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/networks/classifier.h"
#include "models/networks/layers.h"
#include "models/networks/task.h"
#include "models/options/fields.h"

namespace digitorch {

/// Layers of convolution, batch norm, max pooling and ReLU, then fully
/// connected ones. PyTorch's MNIST example has channels 32,64, kernel 3, pool
/// 1,2, padding valid, hidden 128, conv_dropout 0.25, dropout 0.5 and no batch
/// norm.
struct CnnOptions {
  static constexpr const char* kKind = "cnn";
  static constexpr bool kTrainsInBfloat16 = true;

  /// Pixels at each edge of the picture that the network does not look at. The
  /// frame of MNIST's pictures, for instance, is nearly always empty.
  int64_t crop = 0;
  std::vector<int64_t> channels{16, 32, 64};  ///< Outputs of each convolution.
  /// Side of each convolution's kernel in pixels: one for all layers, or one
  /// for each of them.
  std::vector<int64_t> kernel{3};
  /// Side of the max pooling after each convolution, likewise; 1 for none.
  std::vector<int64_t> pool{2};
  /// "same": pictures keep their size and kernels are odd. "valid": none.
  std::string padding = "same";
  std::vector<int64_t> hidden{128};  ///< Units of each fully connected layer.
  double conv_dropout = 0;  ///< Part of the last convolution's outputs.
  double dropout = 0.25;    ///< Part of each hidden layer's outputs.
  bool batch_norm = false;  ///< After each convolution; slower.
};

std::vector<Field> fields(CnnOptions&);

/// Throws std::runtime_error naming the option that does not fit, such as
/// pooling below one pixel.
void check(const CnnOptions&, const NetworkTask&);

/// "conv 3x3x32, pool 2, conv 3x3x64, pool 2, hidden 128, batch norm".
std::string summary(const CnnOptions&, const NetworkTask&);

/// Its layers for exporters.
NetworkLayers layers(const CnnOptions&);

/// A network with weights drawn from the default generator. Throws as check()
/// does.
std::unique_ptr<Classifier>
make_classifier(const CnnOptions&, const NetworkTask&);

}  // namespace digitorch
