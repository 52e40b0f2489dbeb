#include "app/training/distributed/launcher.h"

#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <vector>

#include "app/training/distributed/rank_environment.h"

namespace digitorch {

CopiesResult run_ranks(int ranks) {
  c10d::TCPStoreOptions options;
  options.port = 0;  // one that is free
  options.isServer = true;
  options.waitWorkers = false;
  const auto store = c10::make_intrusive<c10d::TCPStore>("127.0.0.1", options);
  // As torchrun sets them.
  AddedVariables shared = {
      {"WORLD_SIZE", std::to_string(ranks)},
      {"LOCAL_WORLD_SIZE", std::to_string(ranks)},
      {"MASTER_ADDR", "127.0.0.1"},
      {"MASTER_PORT", std::to_string(store->getPort())},
      {"TORCHELASTIC_USE_AGENT_STORE", "True"}};
  share_threads(shared, at::get_num_threads(), ranks);
  std::vector<AddedVariables> copies;
  for (int rank = 0; rank < ranks; ++rank) {
    copies.push_back(shared);
    copies.back().emplace_back("RANK", std::to_string(rank));
    copies.back().emplace_back("LOCAL_RANK", std::to_string(rank));
  }
  return run_copies(copies);
}

}  // namespace digitorch
