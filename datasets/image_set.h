// The value that all data sets become: small pictures with labels.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/vision/image_side.h"
#include "models/input/input_format.h"

namespace digitorch {

/// Pictures stay bytes, and a batch becomes float when it is computed with:
/// MNIST's training set takes 47 MB as bytes and 188 MB as floats.
struct ImageSet {
  torch::Tensor images;  ///< uint8 [N, C, H, W]; red first of three channels.
  torch::Tensor labels;  ///< int64 [N], each in 0 .. class_names.size() - 1.
  std::vector<std::string> class_names;
  /// The file of each picture, below the folder of the set; empty where
  /// pictures have no files of their own.
  std::vector<std::string> files = {};
  /// The last so many pictures are a validation part that came with the data;
  /// 0: none did, and one is drawn.
  int64_t validation = 0;
  /// How they were prepared: see InputFormat::pictures. Ink is bright on black.
  std::string pictures = "ink";

  /// Of the pictures. Requires images.
  InputFormat format() const;

  /// The pictures at these indices, int64 [n], with their labels and files, and
  /// without a validation part.
  ImageSet at(const torch::Tensor& indices) const;

  /// `count` pictures from `first` on, likewise; the tensors are views.
  ImageSet range(int64_t first, int64_t count) const;

  int64_t size() const { return labels.defined() ? labels.size(0) : 0; }
};

/// Pixels as networks take them. pixels: uint8 of any shape. Returns float32 in
/// 0..1 of that shape, on the same device.
inline torch::Tensor to_unit_range(const torch::Tensor& pixels) {
  TORCH_CHECK(
      pixels.scalar_type() == torch::kUInt8,
      "expected pixels of type uint8, found ",
      pixels.scalar_type()
  );
  return pixels.to(torch::kFloat32).div_(255);
}

}  // namespace digitorch
