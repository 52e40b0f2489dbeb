#include "datasets/image_dataset.h"

#include <gtest/gtest.h>
#include <torch/data.h>
#include <torch/serialize.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <sstream>

namespace digitorch {
namespace {

/// Picture i is all i, and so is its label.
ImageSet numbered_digits(int64_t count) {
  const torch::Tensor numbers = torch::arange(count, torch::kInt64);
  return {
      numbers.to(torch::kUInt8).view({-1, 1, 1, 1}).repeat({1, 1, 28, 28}),
      numbers,
      std::vector<std::string>(static_cast<size_t>(count), "class")};
}

std::vector<size_t> walk(EpochSampler& sampler, size_t batch_size) {
  std::vector<size_t> order;
  while (const auto batch = sampler.next(batch_size))
    order.insert(order.end(), batch->begin(), batch->end());
  return order;
}

std::vector<size_t> order_of(uint64_t seed, int64_t epoch, int64_t skip = 0) {
  EpochSampler sampler(torch::arange(100, torch::kInt64), seed, epoch, skip);
  return walk(sampler, 32);
}

TEST(MnistDatasetTest, GivesFloatsFrom0To1InTheOrderAskedFor) {
  ImageDataset dataset(numbered_digits(256));
  const std::vector<size_t> indices = {255, 0, 51, 51};
  const auto batch = dataset.get_batch(indices);
  EXPECT_EQ(batch.data.sizes(), (std::vector<int64_t>{4, 1, 28, 28}));
  EXPECT_EQ(batch.data.scalar_type(), torch::kFloat32);
  EXPECT_TRUE(torch::equal(
      batch.data.select(3, 27).select(2, 0).view(-1),
      torch::tensor({255.F, 0.F, 51.F, 51.F}) / 255
  ));
  EXPECT_TRUE(
      torch::equal(batch.target, torch::tensor({255, 0, 51, 51}, torch::kInt64))
  );
  EXPECT_EQ(dataset.size(), 256U);
}

TEST(MnistDatasetTest, IsWalkedOnceByTheDataLoaderWithAShortLastBatch) {
  for (const size_t workers : {0, 2}) {
    auto loader = torch::data::make_data_loader(
        ImageDataset(numbered_digits(100)),
        EpochSampler(torch::arange(100, torch::kInt64), 1, 0),
        torch::data::DataLoaderOptions().batch_size(32).workers(workers)
    );
    std::vector<int64_t> sizes;
    std::multiset<int64_t> seen;
    for (const auto& batch : *loader) {
      sizes.push_back(batch.data.size(0));
      for (int64_t i = 0; i < batch.target.size(0); ++i) {
        const auto label = batch.target[i].item<int64_t>();
        EXPECT_FLOAT_EQ(
            batch.data[i][0][14][14].item<float>() * 255,
            static_cast<float>(label)
        );
        seen.insert(label);
      }
    }
    EXPECT_EQ(sizes, (std::vector<int64_t>{32, 32, 32, 4}));
    std::multiset<int64_t> all;
    for (int64_t i = 0; i < 100; ++i) all.insert(i);
    EXPECT_EQ(seen, all);
  }
}

TEST(EpochSamplerTest, ShufflesBySeedAndEpochAlone) {
  const auto order = order_of(1, 5);
  torch::manual_seed(99);
  EXPECT_EQ(order_of(1, 5), order);
  EXPECT_NE(order_of(1, 6), order);
  EXPECT_NE(order_of(2, 5), order);
  EXPECT_NE(order_of(1 + (uint64_t{1} << 32), 5), order);
  EXPECT_NE(order_of(5, 1), order);
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  std::vector<size_t> all(100);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(sorted, all);
}

TEST(EpochSamplerTest, WalksTheIndicesGivenAndNoOthers) {
  EpochSampler sampler(torch::tensor({3, 14, 15}, torch::kInt64), 1, 0);
  const auto order = walk(sampler, 2);
  EXPECT_EQ(
      std::multiset<size_t>(order.begin(), order.end()),
      (std::multiset<size_t>{3, 14, 15})
  );
}

TEST(EpochSamplerTest, SkipsTheBeginningOfTheSameOrder) {
  const auto order = order_of(1, 5);
  EXPECT_EQ(
      order_of(1, 5, 37), std::vector<size_t>(order.begin() + 37, order.end())
  );
  EXPECT_TRUE(order_of(1, 5, 100).empty());
  EXPECT_THROW(order_of(1, 5, 101), c10::Error);
  EXPECT_THROW(order_of(1, 5, -1), c10::Error);
}

TEST(EpochSamplerTest, StartsAgainAfterReset) {
  EpochSampler sampler(torch::arange(100, torch::kInt64), 1, 5, 37);
  const auto once = walk(sampler, 10);
  EXPECT_EQ(sampler.next(10), std::nullopt);
  sampler.reset();
  EXPECT_EQ(walk(sampler, 99), once);
  EXPECT_THROW(sampler.reset(50), c10::Error);
}

TEST(EpochSamplerTest, GoesOnWhereTheSavedOneWas) {
  EpochSampler sampler(torch::arange(100, torch::kInt64), 1, 5);
  sampler.next(30);
  std::stringstream bytes;
  torch::save(sampler, bytes);
  EpochSampler other(torch::arange(100, torch::kInt64), 1, 5);
  torch::load(other, bytes);
  EXPECT_EQ(walk(other, 10), walk(sampler, 10));
}

}  // namespace
}  // namespace digitorch
