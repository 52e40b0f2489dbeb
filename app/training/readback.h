// A copy of values from the device to the host without a host synchronisation.
#pragma once

#include <c10/core/Event.h>
#include <torch/types.h>

#include <optional>

namespace digitorch {

class Readback {
 public:
  /// Starts the copy, which gets the values as they are after all work that
  /// the device has been asked for so far.
  explicit Readback(const torch::Tensor& values);

  /// Whether the copy has arrived. Values on the CPU arrive at once.
  bool ready() const { return !done_ || done_->query(); }
  /// The copy, on the CPU. Waits until it has arrived.
  const torch::Tensor& get() const;

 private:
  torch::Tensor copy_;
  std::optional<c10::Event> done_;
};

}  // namespace digitorch
