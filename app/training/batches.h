// The pictures and numbers of every training step.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "app/training/distributed/share.h"
#include "app/training/epoch_plan.h"
#include "app/training/mixup.h"
#include "app/training/optimizers/step_number.h"
#include "datasets/image_dataset.h"

namespace digitorch {

struct BatchOptions {
  uint64_t seed = 1;         ///< Decides the order of every epoch.
  bool balanced = false;     ///< Whether epochs are drawn by balanced_order().
  int64_t batch_size = 128;  ///< Pictures of a full batch, >= 1.
  double mixup = 0;          ///< Alpha of mix_epoch(); with 0 nothing is mixed.
  /// Lays the whole epoch down on the device before its first step, as a step
  /// that is replayed on a GPU needs it. Otherwise torch::data's loader brings
  /// the batches.
  bool planned = false;
  int rank = 0;   ///< Whose share of every batch is brought.
  int ranks = 1;  ///< How many share it.
};

/// What the host decides of a step before the epoch begins.
struct StepRates {
  double lr;
  double ema_weight;  ///< The part that the latest weights have in the average.
};

/// Walks through the training pictures, batch by batch, in an order that
/// depends on the seed and the epoch alone, and brings one rank's share of each
/// batch. A last batch of a single picture is
/// left out: batch norm cannot learn from it, and its gradient says little.
/// Another picture is alone in the next epoch. With mixup a picture comes with
/// a partner out of the whole batch, whichever rank has that one in its share.
class Batches {
 public:
  /// The rank's share of a single step.
  struct Batch {
    /// float [N, C, H, W] in 0..1, on the device; undefined where the share
    /// is empty. Where pictures are mixed, N is twice the share, and the
    /// partners are the second half.
    torch::Tensor images;
    torch::Tensor labels;  ///< int64 [N], on the device; as the pictures.
    StepNumber lr;
    StepNumber ema_weight;
    /// What the partners get: a float scalar on the device, undefined where
    /// nothing is mixed.
    torch::Tensor mixed_in = {};
  };

  /// indices: int64 [pictures], the pictures of `dataset` to train with; at
  /// least one.
  Batches(
      const ImageDataset& dataset,
      torch::Tensor indices,
      const BatchOptions& options,
      torch::Device device
  );

  /// How many steps an epoch has.
  int64_t steps() const { return steps_; }
  /// How many pictures step `step` of an epoch, counted from 0, has over all
  /// ranks.
  int64_t size(int64_t step) const;
  /// The rank's share of it.
  Share share(int64_t step) const {
    return share_of(size(step), options_.rank, options_.ranks);
  }
  /// Whether step `step` has as many pictures as the options ask for.
  bool is_full(int64_t step) const { return size(step) == options_.batch_size; }

  /// Starts epoch `epoch`, counted from 0, at its step `first_step`. `rates`
  /// holds an entry for each of steps().
  void begin_epoch(
      int64_t epoch, int64_t first_step, std::vector<StepRates> rates
  );

  /// Gathers the share in the batch of the next step of the epoch, whose number
  /// the caller gives. Where the epoch is planned, a full batch is found by
  /// counting on the device alone, so that a recorded call can be replayed.
  Batch next(int64_t step);

 private:
  using Loader = torch::data::StatelessDataLoader<ImageDataset, EpochSampler>;
  using LoaderIterator = torch::data::Iterator<torch::data::Example<>>;

  Share full_share() const {
    return share_of(options_.batch_size, options_.rank, options_.ranks);
  }
  bool mixes() const { return options_.mixup > 0; }
  /// How many pictures are read for so many of a share.
  int64_t read_for(int64_t share) const { return mixes() ? 2 * share : share; }
  void mix(int64_t epoch);
  torch::Tensor order_of_rank(int64_t epoch) const;
  Batch from_loader(int64_t step);
  Batch from_plan(int64_t step);

  ImageDataset dataset_;
  torch::Tensor indices_;
  BatchOptions options_;
  int64_t steps_;
  std::optional<EpochPlan> plan_;
  EpochMixture mixture_;  // of the present epoch; empty where nothing is mixed
  // Of the present epoch, where it is not planned:
  std::unique_ptr<Loader> loader_;
  std::optional<LoaderIterator> next_;
  std::vector<StepRates> rates_;
};

}  // namespace digitorch
