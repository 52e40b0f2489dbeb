// The processes that train one network together. Each is a rank, counted from
// 0; every rank has the whole network and computes the gradient of its share of
// each batch.
#pragma once

#include <torch/types.h>

#include <optional>
#include <string>
#include <vector>

#include "app/system/errors.h"

namespace digitorch {

/// Another rank has ended, or does not answer.
struct LostRank : EnvironmentError {
  using EnvironmentError::EnvironmentError;
};

/// A world of a single rank, in which nothing has to be exchanged. Worlds of
/// several ranks derive from it; there all ranks make the same calls in the
/// same order, with tensors of the same shapes and types. Their calls throw
/// LostRank where another rank fails.
class World {
 public:
  World() = default;
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  virtual ~World() = default;

  virtual int rank() const { return 0; }
  virtual int size() const { return 1; }
  bool is_first() const { return rank() == 0; }

  /// Replaces the values of each tensor by their sums over all ranks, with the
  /// same bits on every rank. tensors: of one type, all on one device.
  virtual void sum(const std::vector<torch::Tensor>& /*tensors*/) {}

  /// Replaces the values of each tensor by those of rank 0.
  virtual void copy_from_first(const std::vector<torch::Tensor>& /*tensors*/) {}

  /// From now on sum() of tensors on this device does not go over the host.
  /// Every rank calls it, each with a device of its own. Does nothing for a
  /// CPU. Throws EnvironmentError where the GPUs cannot reach each other.
  virtual void use(torch::Device) {}

  /// A text that outlives a restart of all ranks by their launcher, where there
  /// is one.
  virtual void keep_for_restart(const std::string& /*text*/) {}
  virtual std::optional<std::string> kept() { return std::nullopt; }
};

/// The world of one that stands for every run of a single process.
World& lone_world();

/// Returns the bytes that rank 0 gives; those of other ranks are ignored.
std::string bytes_of_first(World&, const std::string& bytes);

/// Returns the number of the lowest rank whose number is not 0, or 0. number:
/// 0 .. 2^31 - 1.
int first_nonzero(World&, int number);

}  // namespace digitorch
