// The value that all data sets become: small grey pictures with labels.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace digitorch {

/// Side of a picture in pixels: MNIST's format, which everything is brought to.
inline constexpr int64_t kImageSide = 28;

/// MNIST's training set is 47 MB as bytes and 188 MB as floats, so pictures
/// stay bytes; a batch becomes float where it is computed with.
struct ImageSet {
  torch::Tensor images;  ///< uint8 [N, 1, 28, 28], ink bright on black.
  torch::Tensor labels;  ///< int64 [N], each in 0 .. class_names.size() - 1.
  std::vector<std::string> class_names;

  int64_t size() const { return labels.defined() ? labels.size(0) : 0; }
};

}  // namespace digitorch
