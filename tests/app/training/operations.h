// What LibTorch is asked to do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace digitorch::testing {

/// Watches this thread while it lives, one at a time.
class Operations {
 public:
  Operations();
  ~Operations();
  Operations(const Operations&) = delete;
  Operations& operator=(const Operations&) = delete;

  /// Every operation with its arguments, tensors as their sizes: what a CUDA
  /// graph would repeat.
  const std::vector<std::string>& all() const { return all_; }

  /// Those among them that on a GPU would wait for it, since they tell the
  /// host a number of the device. Left out is what CPU kernels alone do inside
  /// of operations that on a GPU do not: the check of labels in one_hot, and
  /// reading the rate in fused optimisers.
  const std::vector<std::string>& waits() const { return waits_; }

 private:
  struct Callbacks;

  std::vector<std::string> all_;
  std::vector<std::string> waits_;
  std::vector<std::string> running_;  // from the outermost to the innermost
  uint64_t handle_;
};

}  // namespace digitorch::testing
