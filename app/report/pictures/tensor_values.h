// Tensors as values for drawings.
#pragma once

#include <torch/types.h>

#include <vector>

#include "app/report/drawing/pixels.h"

namespace digitorch {

/// All values in order. Throws c10::Error unless the tensor is on the CPU and
/// holds this type.
template <class Value>
std::vector<Value> values_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.contiguous();
  const Value* first = flat.const_data_ptr<Value>();
  return {first, first + flat.numel()};
}

/// uint8 [C, H, W] as a picture to draw.
inline PixelPicture pixel_picture(const torch::Tensor& pixels, bool is_ink) {
  return {
      values_of<uint8_t>(pixels),
      static_cast<int>(pixels.size(0)),
      static_cast<int>(pixels.size(1)),
      static_cast<int>(pixels.size(2)),
      is_ink};
}

}  // namespace digitorch
