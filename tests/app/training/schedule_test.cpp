#include "app/training/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "models/options/choices.h"

namespace digitorch {
namespace {

constexpr int64_t kRunSteps = 100;
constexpr int64_t kStepsPerEpoch = 10;

std::vector<double> rates(const ScheduleOptions& options) {
  std::vector<double> all;
  for (int64_t step = 0; step < kRunSteps; ++step)
    all.push_back(learning_rate(options, step, kRunSteps, kStepsPerEpoch));
  return all;
}

TEST(ScheduleTest, ConstantNeverMoves) {
  for (const double rate : rates({.kind = "constant", .lr = 0.5}))
    EXPECT_EQ(rate, 0.5);
}

TEST(ScheduleTest, StepDropsByGammaAfterEveryStepEpochs) {
  const auto all =
      rates({.kind = "step", .lr = 1, .step_epochs = 3, .gamma = 0.1});
  EXPECT_EQ(all[29], 1);
  EXPECT_DOUBLE_EQ(all[30], 0.1);
  EXPECT_DOUBLE_EQ(all[59], 0.1);
  EXPECT_DOUBLE_EQ(all[60], 0.01);
}

TEST(ScheduleTest, CosineFallsFromLrThroughHalfToNearlyZero) {
  const auto all = rates({.kind = "cosine", .lr = 2});
  EXPECT_EQ(all[0], 2);
  EXPECT_NEAR(all[50], 1, 1e-12);
  EXPECT_NEAR(all[99], 1 + std::cos(0.99 * std::acos(-1)), 1e-12);
  EXPECT_TRUE(std::is_sorted(all.rbegin(), all.rend()));
}

// Printed by torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=100).
TEST(ScheduleTest, OneCycleGivesPyTorchsValues) {
  const auto all = rates({.kind = "one-cycle", .lr = 1});
  EXPECT_NEAR(all[0], 0.04, 1e-12);
  EXPECT_NEAR(all[15], 0.5459866761, 1e-9);
  EXPECT_NEAR(all[29], 1, 1e-12);
  EXPECT_NEAR(all[30], 0.9994965353, 1e-9);
  EXPECT_NEAR(all[64], 0.5000020000, 1e-9);
  EXPECT_NEAR(all[99], 4e-6, 1e-12);
}

TEST(ScheduleTest, WarmupRisesLinearlyToTheRate) {
  const auto all = rates({.kind = "constant", .lr = 1.1, .warmup_epochs = 1});
  EXPECT_NEAR(all[0], 0.1, 1e-12);
  EXPECT_NEAR(all[4], 0.5, 1e-12);
  EXPECT_NEAR(all[10], 1.1, 1e-12);
  EXPECT_EQ(all[99], 1.1);
}

TEST(ScheduleTest, OneStepRunHasARate) {
  for (const std::string& kind : names_of(schedules())) {
    const double rate = learning_rate({.kind = kind, .lr = 0.3}, 0, 1, 1);
    EXPECT_GT(rate, 0) << kind;
    EXPECT_LE(rate, 0.3) << kind;
  }
}

TEST(ScheduleTest, UnknownKindIsALogicError) {
  EXPECT_THROW(learning_rate({.kind = "linear"}, 0, 1, 1), std::logic_error);
}

}  // namespace
}  // namespace digitorch
