#include "datasets/split.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "datasets/generator.h"

namespace digitorch {
namespace {

torch::Tensor shuffled(const torch::Tensor& indices, at::Generator generator) {
  return indices.index_select(
      0, torch::randperm(indices.size(0), std::move(generator), torch::kInt64)
  );
}

torch::Tensor ascending(const torch::Tensor& indices) {
  return std::get<0>(indices.sort());
}

void check_fraction(double fraction) {
  TORCH_CHECK(
      fraction >= 0 && fraction < 1,
      "a fraction of ",
      fraction,
      " is not in [0, 1)"
  );
}

}  // namespace

std::pair<torch::Tensor, torch::Tensor> split(
    int64_t size, double fraction, uint64_t seed
) {
  check_fraction(fraction);
  const torch::Tensor order =
      shuffled(torch::arange(size, torch::kInt64), make_generator(seed));
  const auto second = std::llround(fraction * static_cast<double>(size));
  return {
      ascending(order.slice(0, second)), ascending(order.slice(0, 0, second))};
}

std::pair<torch::Tensor, torch::Tensor> split_by_class(
    const torch::Tensor& labels, double fraction, uint64_t seed
) {
  check_fraction(fraction);
  if (fraction == 0 || labels.numel() == 0)
    return split(labels.size(0), 0, seed);
  const at::Generator generator = make_generator(seed);
  std::vector<torch::Tensor> first;
  std::vector<torch::Tensor> second;
  for (int64_t i = 0; i <= labels.max().item<int64_t>(); ++i) {
    const torch::Tensor members =
        shuffled((labels == i).nonzero().view(-1), generator);
    const int64_t count = members.size(0);
    if (count == 0) continue;
    const auto wanted = std::llround(fraction * static_cast<double>(count));
    const int64_t taken =
        count == 1 ? 0 : std::clamp<int64_t>(wanted, 1, count - 1);
    first.push_back(members.slice(0, taken));
    second.push_back(members.slice(0, 0, taken));
  }
  return {ascending(torch::cat(first)), ascending(torch::cat(second))};
}

}  // namespace digitorch
