// The torch::data dataset over an ImageSet, and the sampler that makes the
// order of every epoch repeatable.
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

/// A dataset that reads a batch with one index_select. A dataset of single
/// samples, which makes N small tensors and stacks them, is 3.5 to 14 times
/// slower.
class ImageDataset : public torch::data::datasets::
                         BatchDataset<ImageDataset, torch::data::Example<>> {
 public:
  /// Keeps the pictures as uint8 on `device`.
  explicit ImageDataset(const ImageSet&, torch::Device device = torch::kCPU);

  /// Returns data, float [N, C, H, W] in 0..1, and target, int64 [N], both on
  /// the device.
  torch::data::Example<> get_batch(c10::ArrayRef<size_t> indices) override;
  /// The same for indices in a tensor, int64 [N]. Where that is on the device
  /// there is no host synchronisation.
  torch::data::Example<> take(const torch::Tensor& indices) const;
  std::optional<size_t> size() const override;

  const torch::Tensor& images() const { return images_; }  ///< uint8
  const torch::Tensor& labels() const { return labels_; }

 private:
  torch::Tensor images_;
  torch::Tensor labels_;
};

/// The indices, int64 [N], shuffled in an order that depends on seed and epoch
/// only, so that it can be made again without those of earlier epochs.
torch::Tensor epoch_order(
    const torch::Tensor& indices, uint64_t seed, int64_t epoch
);

/// Samples the indices of an epoch_order() one after the other.
class EpochSampler : public torch::data::samplers::Sampler<> {
 public:
  /// Samples `order`, int64 [N], as it is, after its first `skip` indices.
  /// Throws c10::Error unless 0 <= skip <= N.
  explicit EpochSampler(const torch::Tensor& order, int64_t skip = 0);
  /// Starts after the first `skip` indices of the epoch's order. Throws
  /// c10::Error unless 0 <= skip <= N.
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
