#include "app/training/mixup.h"

#include "datasets/generator.h"

namespace digitorch {
namespace {

/// Keeps the numbers apart from those of epoch_order(), which has the same seed
/// and epoch.
constexpr uint64_t kMixupStream = 0x6D69787570;

/// float64 [count], Beta(alpha, alpha) distributed: a Dirichlet distribution of
/// two parts.
torch::Tensor draw_parts(
    double alpha, int64_t count, const at::Generator& generator
) {
  const torch::Tensor both = torch::full({count, 2}, alpha, torch::kFloat64);
  return at::_sample_dirichlet(both, generator).select(1, 0).nan_to_num(0);
}

}  // namespace

EpochMixture mix_epoch(
    double alpha,
    const std::vector<int64_t>& batch_sizes,
    uint64_t seed,
    int64_t epoch
) {
  const at::Generator generator = make_generator(
      mixed_seed(seed, kMixupStream), static_cast<uint64_t>(epoch)
  );
  const torch::Tensor parts =
      draw_parts(alpha, std::ssize(batch_sizes), generator).to(torch::kFloat32);
  const auto* first = parts.const_data_ptr<float>();
  EpochMixture mixture{.partners = {}, .parts = {first, first + parts.numel()}};
  for (const int64_t size : batch_sizes)
    mixture.partners.push_back(torch::randperm(size, generator, torch::kInt64));
  return mixture;
}

MixedBatch mixed(
    const torch::Tensor& images,
    const torch::Tensor& labels,
    const torch::Tensor& part
) {
  const std::vector<torch::Tensor> both = images.chunk(2);
  const std::vector<torch::Tensor> names = labels.chunk(2);
  return {
      .images = torch::lerp(both[0], both[1], part),
      .labels = names[0],
      .mixture = {.labels = names[1], .part = part}};
}

torch::Tensor main_labels(const MixedBatch& batch) {
  const auto& [labels, part] = batch.mixture;
  if (!labels.defined()) return batch.labels;
  return torch::where(part > 0.5, labels, batch.labels);
}

}  // namespace digitorch
