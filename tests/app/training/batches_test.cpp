#include "app/training/batches.h"

#include <gtest/gtest.h>

#include <variant>
#include <vector>

namespace digitorch {
namespace {

/// Picture i has the label i.
ImageDataset numbered(int64_t pictures) {
  return ImageDataset(ImageSet{
      torch::zeros({pictures, 1, kImageSide, kImageSide}, torch::kUInt8),
      torch::arange(pictures),
      std::vector<std::string>(static_cast<size_t>(pictures))});
}

Batches batches_of(int64_t pictures, const BatchOptions& options) {
  return Batches(
      numbered(pictures), torch::arange(pictures), options, torch::kCPU
  );
}

Batches batches_of(int64_t pictures, int64_t batch_size, bool planned) {
  return batches_of(
      pictures, {.seed = 3, .batch_size = batch_size, .planned = planned}
  );
}

std::vector<StepRates> rates_for(const Batches& batches) {
  std::vector<StepRates> rates;
  for (int64_t i = 0; i < batches.steps(); ++i)
    rates.push_back({.lr = 0.5 + static_cast<double>(i), .ema_weight = 0.25});
  return rates;
}

/// The labels of an epoch's batches from `first_step` on.
std::vector<torch::Tensor> walk(
    Batches& batches, int64_t epoch, int64_t first_step = 0
) {
  batches.begin_epoch(epoch, first_step, rates_for(batches));
  std::vector<torch::Tensor> labels;
  for (int64_t step = first_step; step < batches.steps(); ++step)
    labels.push_back(batches.next(step).labels);
  return labels;
}

TEST(BatchesTest, HoldEveryPictureOnceInAnOrderOfEachEpoch) {
  for (const bool planned : {false, true}) {
    Batches batches = batches_of(11, 4, planned);
    EXPECT_EQ(batches.steps(), 3);
    EXPECT_TRUE(batches.is_full(1));
    EXPECT_FALSE(batches.is_full(2));
    EXPECT_EQ(batches.size(2), 3);
    const auto first = torch::cat(walk(batches, 0));
    EXPECT_TRUE(std::get<0>(first.sort()).equal(torch::arange(11)));
    const auto second = torch::cat(walk(batches, 1));
    EXPECT_FALSE(first.equal(second));
    EXPECT_TRUE(torch::cat(walk(batches, 0)).equal(first));
  }
}

TEST(BatchesTest, APlanGivesTheBatchesOfTheLoader) {
  Batches loaded = batches_of(11, 4, false);
  Batches planned = batches_of(11, 4, true);
  EXPECT_TRUE(torch::cat(walk(planned, 2)).equal(torch::cat(walk(loaded, 2))));
}

TEST(BatchesTest, AnEpochGoesOnInItsMiddle) {
  for (const bool planned : {false, true}) {
    Batches batches = batches_of(11, 4, planned);
    const auto all = walk(batches, 0);
    const auto rest = walk(batches, 0, 1);
    ASSERT_EQ(rest.size(), 2);
    EXPECT_TRUE(rest[0].equal(all[1]));
    EXPECT_TRUE(rest[1].equal(all[2]));
  }
}

TEST(BatchesTest, ALastBatchOfOnePictureIsLeftOutUnlessItIsTheOnlyOne) {
  EXPECT_EQ(batches_of(9, 4, false).steps(), 2);
  EXPECT_EQ(batches_of(10, 4, false).steps(), 3);
  EXPECT_EQ(batches_of(1, 4, false).steps(), 1);
}

TEST(BatchesTest, TheHostKnowsTheRatesOfALoadedStepTheDeviceThoseOfAPlan) {
  for (const bool planned : {false, true}) {
    Batches batches = batches_of(11, 4, planned);
    batches.begin_epoch(0, 0, rates_for(batches));
    for (int64_t step = 0; step < batches.steps(); ++step) {
      const Batches::Batch batch = batches.next(step);
      const double expected = 0.5 + static_cast<double>(step);
      if (planned)
        EXPECT_EQ(std::get<torch::Tensor>(batch.lr).item<double>(), expected);
      else
        EXPECT_EQ(std::get<double>(batch.lr), expected);
    }
  }
}

BatchOptions mixing(bool planned, int rank = 0, int ranks = 1) {
  return {
      .seed = 3,
      .batch_size = 4,
      .mixup = 0.5,
      .planned = planned,
      .rank = rank,
      .ranks = ranks};
}

TEST(BatchesTest, MixingAddsAPartnerOfTheSameBatchToEachPicture) {
  for (const bool planned : {false, true}) {
    Batches plain = batches_of(11, 4, planned);
    Batches mixes = batches_of(11, mixing(planned));
    const auto pictures = walk(plain, 1);
    const auto both = walk(mixes, 1);
    ASSERT_EQ(both.size(), pictures.size());
    for (size_t i = 0; i < both.size(); ++i) {
      const auto halves = both[i].chunk(2);
      EXPECT_TRUE(halves[0].equal(pictures[i]));
      EXPECT_TRUE(
          std::get<0>(halves[1].sort()).equal(std::get<0>(pictures[i].sort()))
      );
    }
  }
}

TEST(BatchesTest, APlanMixesAsTheLoaderDoesFromAnyStepOn) {
  Batches loaded = batches_of(11, mixing(false));
  Batches planned = batches_of(11, mixing(true));
  for (int64_t first = 0; first < loaded.steps(); ++first) {
    loaded.begin_epoch(2, first, rates_for(loaded));
    planned.begin_epoch(2, first, rates_for(planned));
    for (int64_t step = first; step < loaded.steps(); ++step) {
      const Batches::Batch expected = loaded.next(step);
      const Batches::Batch found = planned.next(step);
      EXPECT_TRUE(found.labels.equal(expected.labels));
      EXPECT_TRUE(found.mixed_in.equal(expected.mixed_in));
    }
  }
}

TEST(BatchesTest, RanksMixWhatOneWouldMix) {
  for (const bool planned : {false, true}) {
    Batches alone = batches_of(22, {.seed = 3, .batch_size = 8, .mixup = 0.5});
    const auto expected = walk(alone, 1);
    std::vector<std::vector<torch::Tensor>> own;
    for (const int rank : {0, 1}) {
      BatchOptions options = mixing(planned, rank, 2);
      options.batch_size = 8;
      Batches batches = batches_of(22, options);
      own.push_back(walk(batches, 1));
    }
    for (size_t i = 0; i < expected.size(); ++i) {
      const auto first = own[0][i].chunk(2);
      const auto second = own[1][i].chunk(2);
      EXPECT_TRUE(torch::cat({first[0], second[0], first[1], second[1]})
                      .equal(expected[i]));
    }
  }
}

TEST(BatchesTest, NothingIsMixedUnlessAskedFor) {
  for (const bool planned : {false, true}) {
    Batches batches = batches_of(11, 4, planned);
    batches.begin_epoch(0, 0, rates_for(batches));
    EXPECT_FALSE(batches.next(0).mixed_in.defined());
  }
}

}  // namespace
}  // namespace digitorch
