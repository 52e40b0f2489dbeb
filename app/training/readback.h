// Numbers on their way from the device to the host, which goes on meanwhile.
#pragma once

#include <c10/core/Event.h>
#include <torch/types.h>

#include <optional>

namespace digitorch {

class Readback {
 public:
  /// Copies the values as they are once the device has done what it was asked
  /// for so far.
  explicit Readback(const torch::Tensor& values);

  /// Whether get() need not wait. True at once for values on the CPU.
  bool ready() const { return !done_ || done_->query(); }
  /// The copy, on the CPU.
  const torch::Tensor& get() const;

 private:
  torch::Tensor copy_;
  std::optional<c10::Event> done_;
};

}  // namespace digitorch
