#include "app/training/distributed/world.h"

namespace digitorch {

World& lone_world() {
  static World world;
  return world;
}

std::string bytes_of_first(World& world, const std::string& bytes) {
  if (world.size() == 1) return bytes;
  const torch::Tensor size = torch::tensor(static_cast<int64_t>(bytes.size()));
  world.copy_from_first({size});
  std::string all = bytes;
  all.resize(static_cast<size_t>(size.item<int64_t>()));
  if (all.empty()) return all;
  world.copy_from_first({torch::from_blob(
      all.data(), {static_cast<int64_t>(all.size())}, torch::kUInt8
  )});
  return all;
}

int first_nonzero(World& world, int number) {
  const torch::Tensor all = torch::zeros({world.size()}, torch::kInt64);
  all[world.rank()] = number;
  world.sum({all});
  for (int rank = 0; rank < world.size(); ++rank)
    if (const auto each = all[rank].item<int64_t>(); each != 0)
      return static_cast<int>(each);
  return 0;
}

}  // namespace digitorch
