#include "models/kernels/dropout.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

namespace digitorch {
namespace {

torch::Tensor dropped(int64_t size, double probability, uint64_t seed = 1) {
  torch::manual_seed(seed);
  return digitorch::dropout(torch::ones({size}), probability, true);
}

TEST(DropoutTest, DropsAsManyAsAskedAndScalesTheOthers) {
  constexpr int64_t kSize = 1'000'003;
  for (const double probability : {0.1, 0.25, 0.5, 0.9}) {
    const torch::Tensor result = dropped(kSize, probability);
    const torch::Tensor zero = result == 0;
    const double part = zero.to(torch::kFloat64).mean().item<double>();
    // Five standard deviations of the mean of that many.
    EXPECT_NEAR(part, probability, 5 * 0.5 / 1000) << probability;
    const auto kept = static_cast<float>(1 / (1 - probability));
    EXPECT_TRUE((zero | (result == kept)).all().item<bool>());
  }
}

TEST(DropoutTest, NeighboursFallIndependently) {
  const torch::Tensor zero =
      (dropped(1'000'000, 0.5) == 0).to(torch::kFloat64) - 0.5;
  // Of elements a few apart, of one generator's successive ones, and of those
  // that two sequences begin with.
  for (const int64_t apart : {1, 2, 3, 4, 8, 16, 4096}) {
    const torch::Tensor both =
        zero.slice(0, apart) * zero.slice(0, 0, zero.numel() - apart);
    EXPECT_NEAR(both.mean().item<double>(), 0, 5 * 0.25 / 1000) << apart;
  }
}

TEST(DropoutTest, TheDefaultGeneratorDecidesAlone) {
  const torch::Tensor first = dropped(100'000, 0.25);
  EXPECT_FALSE(torch::equal(first, dropped(100'000, 0.25, 2)));
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  EXPECT_TRUE(torch::equal(first, dropped(100'000, 0.25)));
  at::set_num_threads(threads);
}

TEST(DropoutTest, DrawsAnewEveryTime) {
  torch::manual_seed(1);
  const auto x = torch::ones({1000});
  EXPECT_FALSE(torch::equal(
      digitorch::dropout(x, 0.5, true), digitorch::dropout(x, 0.5, true)
  ));
}

TEST(DropoutTest, ChangesNothingOutsideOfTrainingOrWithoutProbability) {
  const auto x = torch::ones({8});
  EXPECT_TRUE(digitorch::dropout(x, 0.5, false).is_same(x));
  EXPECT_TRUE(digitorch::dropout(x, 0, true).is_same(x));
}

TEST(DropoutTest, GradientsGoThroughWhatWasKept) {
  torch::manual_seed(1);
  // Several pieces, the last of them not whole.
  const auto x = torch::ones({3, 3001}).requires_grad_();
  const torch::Tensor result = digitorch::dropout(x, 0.5, true);
  result.sum().backward();
  EXPECT_TRUE(torch::equal(x.grad(), result.detach()));
}

TEST(DropoutTest, AnyLayoutInMemoryIsDroppedByPlace) {
  const torch::Tensor x = torch::rand({40, 300});
  torch::manual_seed(1);
  const torch::Tensor plain = digitorch::dropout(x, 0.5, true);
  torch::manual_seed(1);
  const torch::Tensor turned =
      digitorch::dropout(x.t().contiguous().t(), 0.5, true);
  EXPECT_TRUE(torch::equal(plain, turned));
}

TEST(DropoutTest, HalfPrecisionIsDroppedInFull) {
  torch::manual_seed(1);
  const auto x = torch::ones({1000}, torch::kBFloat16);
  const torch::Tensor result = digitorch::dropout(x, 0.5, true);
  EXPECT_EQ(result.scalar_type(), torch::kFloat32);
  EXPECT_TRUE(((result == 0) | (result == 2)).all().item<bool>());
}

TEST(DropoutTest, DropsInfinitiesAndKeepsNan) {
  torch::manual_seed(1);
  const auto x = torch::full({1000}, INFINITY);
  const torch::Tensor result = digitorch::dropout(x, 0.5, true);
  EXPECT_FALSE(result.isnan().any().item<bool>());
  const auto nan = torch::full({1000}, NAN);
  EXPECT_TRUE(digitorch::dropout(nan, 0.5, true).isnan().any().item<bool>());
}

}  // namespace
}  // namespace digitorch
