// Tensors as the plain values that pictures are drawn from.
#pragma once

#include <torch/types.h>

#include <vector>

namespace digitorch {

/// All values in order. The tensor lies on the CPU and holds this type; throws
/// c10::Error otherwise.
template <class Value>
std::vector<Value> values_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.contiguous();
  const Value* first = flat.const_data_ptr<Value>();
  return {first, first + flat.numel()};
}

}  // namespace digitorch
