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

Batches batches_of(int64_t pictures, int64_t batch_size, bool planned) {
  return Batches(
      numbered(pictures),
      torch::arange(pictures),
      {.seed = 3, .batch_size = batch_size, .planned = planned},
      torch::kCPU
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

}  // namespace
}  // namespace digitorch
