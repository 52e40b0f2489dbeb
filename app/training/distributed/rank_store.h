// What the ranks of a run write down for each other in c10d's TCP store: that
// they are there, and how they end.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <torch/csrc/distributed/c10d/Store.hpp>
#include <vector>

#include "app/training/distributed/rank_environment.h"
#include "app/training/distributed/world.h"

namespace digitorch {

/// How a rank is to end that cannot go on.
struct Ending {
  int exit_code;
  std::string line;  ///< To print; empty where another rank prints it.
};

class RankStore {
 public:
  /// Serves or finds the store and waits until all ranks are there, `patience`
  /// long. Throws EnvironmentError where the others do not come or cannot be
  /// reached, std::runtime_error where they disagree about the number of ranks
  /// or two have the same rank.
  RankStore(const RankEnvironment&, std::chrono::seconds patience);

  const RankEnvironment& place() const { return place_; }
  /// For what belongs to this start of the ranks.
  const c10::intrusive_ptr<c10d::Store>& of_this_start() const {
    return store_;
  }

  /// Whether a rank has given up, or the store is gone.
  bool alarm();

  /// For a rank that fails by itself: lets the others know, so that they end
  /// soon and do not print the same line again.
  Ending end_for(int exit_code, const std::string& line);
  /// For a rank that lost another: finds out which is missing, by asking all
  /// whether they are still there.
  Ending end_for_lost(const std::string& what_happened);
  /// For a rank whose work is done. The rank that serves the store, without
  /// which the others cannot end well, waits for them here.
  void leave();

  /// A text that outlives a restart of all ranks.
  void keep(const std::string& text);
  std::optional<std::string> kept();

 private:
  void agree_on_ranks();
  void wait_for_all(std::chrono::seconds patience);
  void raise_alarm();
  std::optional<Ending> ending();
  std::vector<int> without(std::string (*key)(int));
  void say_farewell(size_t missing);

  RankEnvironment place_;
  c10::intrusive_ptr<c10d::Store> whole_store_;  // of all restarts
  c10::intrusive_ptr<c10d::Store> store_;        // of this start
};

/// "127.0.0.1:29500": where the store is.
std::string address_of(const RankEnvironment&);

}  // namespace digitorch
