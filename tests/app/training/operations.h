// The operations that a piece of work asks LibTorch for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace digitorch::testing {

/// Records the operations of this thread while it lives. Only one may live at a
/// time.
class Operations {
 public:
  Operations();
  ~Operations();
  Operations(const Operations&) = delete;
  Operations& operator=(const Operations&) = delete;

  /// Every operation with its arguments, where tensors are given by their
  /// sizes: this is what a CUDA graph would repeat.
  const std::vector<std::string>& all() const { return all_; }

  /// The operations that are a host synchronisation on a GPU, since the host
  /// reads a value of the device. It leaves out two that CPU kernels alone have
  /// inside of other operations: the check of labels in one_hot, and reading
  /// the learning rate in fused optimisers.
  const std::vector<std::string>& waits() const { return waits_; }

 private:
  struct Callbacks;

  std::vector<std::string> all_;
  std::vector<std::string> waits_;
  std::vector<std::string> running_;  // from the outermost to the innermost
  uint64_t handle_;
};

}  // namespace digitorch::testing
