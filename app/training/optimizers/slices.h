// Parts of an optimiser's tensors, which threads move side by side.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace digitorch {

/// The numbers of a list of tensors, divided into parts of about the same size.
/// Whatever has the same sizes, such as gradients, is divided alike.
class Slices {
 public:
  using Tensors = std::vector<torch::Tensor>;

  /// numbers: of a part. By default there are enough for the views of tensors
  /// to take little time beside them. On a GPU, where kernels share the work
  /// themselves, all is one part.
  explicit Slices(const Tensors& tensors, int64_t numbers = 1 << 16);

  /// Calls work(lists) for each part, side by side and without autograd: each
  /// of `lists` cut down to the part. A list is empty or has an entry for each
  /// tensor; what is of another size than that, such as a count of steps, stays
  /// whole.
  void each(
      const std::vector<Tensors>& lists,
      const std::function<void(const std::vector<Tensors>&)>& work
  ) const;

 private:
  struct Slice {
    size_t tensor;
    int64_t first;
    int64_t count;
  };
  using Part = std::vector<Slice>;

  Tensors cut(const Tensors& list, const Part& part) const;

  std::vector<int64_t> sizes_;
  std::vector<Part> parts_;
};

}  // namespace digitorch
