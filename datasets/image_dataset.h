// The torch::data dataset over an ImageSet, and the sampler that makes every
// epoch's order repeatable. Together with torch::data's DataLoader they feed
// everything.
#pragma once

#include <torch/data/dataloader.h>
#include <torch/data/datasets/base.h>
#include <torch/data/samplers/base.h>
#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "datasets/image_set.h"

namespace digitorch {

/// A batch at a time with one index_select, where a dataset of single samples
/// would make N small tensors and stack them (3.5 to 14 times slower).
class ImageDataset : public torch::data::datasets::
                         BatchDataset<ImageDataset, torch::data::Example<>> {
 public:
  /// Pictures stay uint8 on `device` for as long as the dataset lives.
  explicit ImageDataset(const ImageSet&, torch::Device device = torch::kCPU);

  /// data: float [N, 1, 28, 28] in 0..1; target: int64 [N]; both on the device.
  torch::data::Example<> get_batch(c10::ArrayRef<size_t> indices) override;
  /// The same for indices in a tensor, int64 [N]; where that is on the device,
  /// nothing waits for it.
  torch::data::Example<> take(const torch::Tensor& indices) const;
  std::optional<size_t> size() const override;

  const torch::Tensor& images() const { return images_; }  ///< uint8
  const torch::Tensor& labels() const { return labels_; }

 private:
  torch::Tensor images_;
  torch::Tensor labels_;
};

/// Given indices, int64 [N], shuffled by (seed, epoch) alone: the order of an
/// epoch can be made again without replaying the ones before it.
torch::Tensor epoch_order(
    const torch::Tensor& indices, uint64_t seed, int64_t epoch
);

/// Walks an epoch_order().
class EpochSampler : public torch::data::samplers::Sampler<> {
 public:
  /// Starts after the first `skip` indices of the epoch's order.
  EpochSampler(
      const torch::Tensor& indices,
      uint64_t seed,
      int64_t epoch,
      int64_t skip = 0
  );

  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  void save(torch::serialize::OutputArchive&) const override;
  void load(torch::serialize::InputArchive&) override;

 private:
  std::vector<size_t> order_;
  size_t start_;
  size_t position_;
};

}  // namespace digitorch
