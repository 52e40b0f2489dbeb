// Tensors as vectors of values.
#pragma once

#include <torch/types.h>

#include <vector>

namespace digitorch {

/// All values in order. Throws c10::Error unless the tensor is on the CPU and
/// holds this type.
template <class Value>
std::vector<Value> values_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.contiguous();
  const Value* first = flat.const_data_ptr<Value>();
  return {first, first + flat.numel()};
}

}  // namespace digitorch
