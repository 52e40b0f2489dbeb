#include "datasets/split.h"

#include <gtest/gtest.h>

#include <cmath>

namespace digitorch {
namespace {

void expect_ascending_halves_of(
    int64_t size, const std::pair<torch::Tensor, torch::Tensor>& parts
) {
  for (const torch::Tensor& part : {parts.first, parts.second})
    EXPECT_TRUE((part.diff() > 0).all().item<bool>());
  const torch::Tensor all = torch::cat({parts.first, parts.second});
  EXPECT_TRUE(
      torch::equal(std::get<0>(all.sort()), torch::arange(size, torch::kInt64))
  );
}

TEST(SplitTest, DividesAllIndicesWithoutOverlap) {
  const auto parts = split(1000, 0.1, 7);
  EXPECT_EQ(parts.first.size(0), 900);
  EXPECT_EQ(parts.second.size(0), 100);
  expect_ascending_halves_of(1000, parts);
}

TEST(SplitTest, RoundsTheFraction) {
  EXPECT_EQ(split(10, 0.14, 1).second.size(0), 1);
  EXPECT_EQ(split(10, 0.16, 1).second.size(0), 2);
  EXPECT_EQ(split(10, 0, 1).second.size(0), 0);
  EXPECT_EQ(split(1, 0.4, 1).first.size(0), 1);
  EXPECT_EQ(split(0, 0.4, 1).first.size(0), 0);
}

TEST(SplitTest, DependsOnTheSeedAloneAllOfIt) {
  torch::manual_seed(1);
  const auto once = split(1000, 0.1, 7);
  torch::manual_seed(2);
  EXPECT_TRUE(torch::equal(split(1000, 0.1, 7).second, once.second));
  EXPECT_FALSE(torch::equal(split(1000, 0.1, 8).second, once.second));
  const uint64_t other_in_its_upper_half = 7 + (uint64_t{1} << 32);
  EXPECT_FALSE(torch::equal(
      split(1000, 0.1, other_in_its_upper_half).second, once.second
  ));
}

TEST(SplitTest, LeavesTheGlobalGeneratorAlone) {
  torch::manual_seed(1);
  const torch::Tensor expected = torch::rand(3);
  torch::manual_seed(1);
  split(1000, 0.1, 7);
  EXPECT_TRUE(torch::equal(torch::rand(3), expected));
}

TEST(SplitTest, RefusesAFractionOutsideItsRange) {
  EXPECT_THROW(split(10, -0.1, 1), c10::Error);
  EXPECT_THROW(split(10, 1, 1), c10::Error);
  EXPECT_THROW(split(10, std::nan(""), 1), c10::Error);
}

TEST(SplitByClassTest, TakesTheFractionOfEveryClass) {
  // 100 of class 0, 20 of class 1, none of class 2, 2 of class 3, 1 of class 4.
  const torch::Tensor labels = torch::cat({torch::full({100}, 0),
                                           torch::full({20}, 1),
                                           torch::full({2}, 3),
                                           torch::full({1}, 4)})
                                   .to(torch::kInt64);
  const auto parts = split_by_class(labels, 0.1, 3);
  expect_ascending_halves_of(123, parts);
  EXPECT_TRUE(torch::equal(
      labels.index_select(0, parts.second).bincount({}, 5),
      torch::tensor({10, 2, 0, 1, 0}, torch::kInt64)
  ));
  EXPECT_TRUE(torch::equal(split_by_class(labels, 0.1, 3).second, parts.second)
  );
  EXPECT_FALSE(torch::equal(split_by_class(labels, 0.1, 4).second, parts.second)
  );
}

TEST(SplitByClassTest, LeavesOneOfEveryClassInTheFirstPart) {
  const torch::Tensor labels = torch::tensor({0, 0, 1, 1, 1}, torch::kInt64);
  const auto parts = split_by_class(labels, 0.99, 3);
  EXPECT_TRUE(torch::equal(
      labels.index_select(0, parts.first), torch::tensor({0, 1}, torch::kInt64)
  ));
}

TEST(SplitByClassTest, TakesNothingForAFractionOfZero) {
  const torch::Tensor labels = torch::tensor({0, 0, 1, 1, 1}, torch::kInt64);
  EXPECT_EQ(split_by_class(labels, 0, 3).first.size(0), 5);
  EXPECT_EQ(split_by_class(labels, 0, 3).second.size(0), 0);
}

}  // namespace
}  // namespace digitorch
