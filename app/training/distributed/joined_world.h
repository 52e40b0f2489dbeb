// A world of several processes, on one machine or many: PyTorch's own c10d with
// its TCP store and the Gloo backend, and NCCL between GPUs.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "app/training/distributed/device_sum.h"
#include "app/training/distributed/rank_environment.h"
#include "app/training/distributed/rank_store.h"
#include "app/training/distributed/world.h"

namespace digitorch {

class JoinedWorld : public World {
 public:
  /// Waits until all ranks are there. `patience` is how long a rank waits for
  /// another one, here and in every exchange. Throws EnvironmentError where the
  /// others cannot be reached in time, std::runtime_error where they disagree
  /// about the number of ranks or two have the same rank.
  JoinedWorld(const RankEnvironment&, std::chrono::seconds patience);
  ~JoinedWorld() override;

  int rank() const override;
  int size() const override;
  void sum(const std::vector<torch::Tensor>&) override;
  void copy_from_first(const std::vector<torch::Tensor>&) override;

  void use(torch::Device) override;
  void keep_for_restart(const std::string& text) override;
  std::optional<std::string> kept() override;

  /// By which the ranks end together.
  RankStore& store();

 private:
  struct Group;
  std::unique_ptr<Group> group_;
  std::unique_ptr<DeviceSum> on_device_;
};

}  // namespace digitorch
