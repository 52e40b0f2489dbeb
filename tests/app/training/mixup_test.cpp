#include "app/training/mixup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

namespace digitorch {
namespace {

constexpr int64_t kSteps = 20000;

std::vector<float> parts_of(double alpha, uint64_t seed = 1) {
  return mix_epoch(alpha, std::vector<int64_t>(kSteps, 1), seed, 0).parts;
}

/// The largest distance between the distribution of the numbers and the one
/// that has the cumulative distribution function (Kolmogorov and Smirnov).
double distance(
    std::vector<float> numbers, const std::function<double(double)>& cumulative
) {
  std::sort(numbers.begin(), numbers.end());
  const auto count = static_cast<double>(numbers.size());
  double most = 0;
  for (size_t i = 0; i < numbers.size(); ++i) {
    const double expected = cumulative(static_cast<double>(numbers[i]));
    const auto below = static_cast<double>(i);
    most = std::max(
        {most,
         std::abs(below / count - expected),
         std::abs((below + 1) / count - expected)}
    );
  }
  return most;
}

TEST(MixEpochTest, PartsAreBetaDistributed) {
  // Of equal distributions one distance in a thousand is larger.
  const double most = 1.95 / std::sqrt(static_cast<double>(kSteps));
  EXPECT_LT(
      distance(
          parts_of(0.5),
          [](double x) {
            return 2 / std::numbers::pi * std::asin(std::sqrt(x));
          }
      ),
      most
  );
  EXPECT_LT(distance(parts_of(1), [](double x) { return x; }), most);
  EXPECT_LT(
      distance(parts_of(2), [](double x) { return x * x * (3 - 2 * x); }), most
  );
}

TEST(MixEpochTest, PartsOfAnyAlphaAreNumbers) {
  for (const double alpha : {1e-300, 1e-6, 0.01, 100.0})
    for (const float part : parts_of(alpha)) {
      ASSERT_GE(part, 0) << alpha;
      ASSERT_LE(part, 1) << alpha;
    }
}

TEST(MixEpochTest, PartnersAreAPermutationOfEachBatch) {
  const EpochMixture mixture = mix_epoch(0.2, {8, 8, 3}, 1, 0);
  ASSERT_EQ(mixture.partners.size(), 3);
  ASSERT_EQ(mixture.parts.size(), 3);
  for (const torch::Tensor& each : mixture.partners)
    EXPECT_TRUE(std::get<0>(each.sort()).equal(torch::arange(each.numel())));
  EXPECT_FALSE(mixture.partners[0].equal(mixture.partners[1]));
}

TEST(MixEpochTest, SeedAndEpochDecideWhateverElseIsDrawn) {
  const auto all = [](uint64_t seed, int64_t epoch) {
    const EpochMixture found = mix_epoch(0.2, {50}, seed, epoch);
    return std::pair(found.partners[0], found.parts[0]);
  };
  const auto [partners, part] = all(1, 2);
  torch::manual_seed(99);
  torch::rand(3);
  EXPECT_TRUE(all(1, 2).first.equal(partners));
  EXPECT_EQ(all(1, 2).second, part);
  for (const auto& [seed, epoch] : {std::pair(2, 2), {1, 3}, {2, 1}}) {
    EXPECT_FALSE(all(seed, epoch).first.equal(partners));
    EXPECT_NE(all(seed, epoch).second, part);
  }
}

TEST(MixedTest, TheSecondHalfIsMixedIntoTheFirst) {
  const torch::Tensor images =
      torch::tensor({0.0F, 1.0F, 1.0F, 0.5F}).view({4, 1, 1, 1});
  const MixedBatch found =
      mixed(images, torch::tensor({5, 6, 7, 8}), torch::full({}, 0.25F));
  EXPECT_TRUE(
      found.images.equal(torch::tensor({0.25F, 0.875F}).view({2, 1, 1, 1}))
  );
  EXPECT_TRUE(found.labels.equal(torch::tensor({5, 6})));
  EXPECT_TRUE(found.mixture.labels.equal(torch::tensor({7, 8})));
  EXPECT_EQ(found.mixture.part.item<float>(), 0.25F);
}

TEST(MixedTest, AnswersAreCountedByTheLargerPart) {
  const auto main = [](float part) {
    return main_labels(mixed(
        torch::zeros({2, 1, 1, 1}), torch::tensor({5, 7}), torch::full({}, part)
    ));
  };
  EXPECT_EQ(main(0.25F).item<int64_t>(), 5);
  EXPECT_EQ(main(0.75F).item<int64_t>(), 7);
  const torch::Tensor labels = torch::tensor({3});
  EXPECT_TRUE(main_labels({{}, labels, {}}).equal(labels));
}

}  // namespace
}  // namespace digitorch
