#include "models/kernels/loss_cpu.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace digitorch {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

struct LossCase {
  int64_t pictures;
  int64_t classes;
  double smoothing;
};

class LossCpuTest : public ::testing::TestWithParam<LossCase> {};

TEST_P(LossCpuTest, IsThatOfAtenInDouble) {
  torch::manual_seed(1);
  const auto [pictures, classes, smoothing] = GetParam();
  const auto logits = 5 * torch::randn({pictures, classes});
  const auto labels = torch::randint(classes, {pictures}, torch::kInt64);
  const auto exact = logits.to(torch::kFloat64).requires_grad_();
  const auto loss = at::cross_entropy_loss(
      exact, labels, {}, at::Reduction::Mean, -100, smoothing
  );
  loss.backward();
  ASSERT_TRUE(loss_serves(logits, labels));
  const LossGradient found =
      cross_entropy_gradient_cpu(logits, labels, smoothing);
  EXPECT_NEAR(
      found.loss.item<double>(),
      loss.item<double>(),
      1e-6 * (1 + loss.item<double>())
  );
  const double error = (found.gradient.to(torch::kFloat64) - exact.grad())
                           .abs()
                           .max()
                           .item<double>();
  EXPECT_LE(error, 1e-6 / static_cast<double>(pictures));
  EXPECT_EQ(
      count_correct(logits, labels),
      logits.argmax(1).eq(labels).sum().item<int64_t>()
  );
}

INSTANTIATE_TEST_SUITE_P(
    Sizes,
    LossCpuTest,
    ::testing::Values(
        LossCase{1, 1, 0},
        LossCase{1, 10, 0.1},
        LossCase{256, 10, 0},
        LossCase{256, 10, 0.05},
        LossCase{300, 1000, 0.1},  // several pieces
        LossCase{3, 20'000, 0.2}
    )
);

TEST(LossCpuOpTest, LargeLogitsDoNotOverflow) {
  const auto logits = torch::tensor({{1000.F, -1000.F}, {-kInfinity, 0.F}});
  const auto found = cross_entropy_gradient_cpu(
      logits, torch::tensor({0, 1}, torch::kInt64), 0
  );
  EXPECT_EQ(found.loss.item<double>(), 0);
  EXPECT_TRUE(torch::equal(found.gradient, torch::zeros({2, 2})));
}

TEST(LossCpuOpTest, WhatIsNotFiniteStaysVisible) {
  for (const float bad : {kNaN, kInfinity})
    for (int64_t place = 0; place < 3; ++place) {
      auto logits = torch::zeros({2, 3});
      logits[1][place] = bad;
      const auto found = cross_entropy_gradient_cpu(
          logits, torch::zeros({2}, torch::kInt64), 0.1
      );
      EXPECT_TRUE(std::isnan(found.loss.item<double>()));
    }
}

TEST(LossCpuOpTest, TheFirstOfEqualAnswersCounts) {
  const auto logits =
      torch::tensor({{1.F, 1.F, 0.F}, {0.F, kNaN, kNaN}, {kNaN, 9.F, 0.F}});
  const auto answers = logits.argmax(1);
  EXPECT_EQ(count_correct(logits, answers), 3);
  EXPECT_EQ(count_correct(logits, (answers + 1) % 3), 0);
}

TEST(LossCpuOpTest, ALabelOutsideIsRefused) {
  for (const int64_t label : {-1, 2})
    EXPECT_THROW(
        cross_entropy_gradient_cpu(
            torch::zeros({1, 2}), torch::full({1}, label, torch::kInt64), 0
        ),
        c10::IndexError
    );
}

}  // namespace
}  // namespace digitorch
