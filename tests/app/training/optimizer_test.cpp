#include "app/training/optimizers/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "models/options/choices.h"

namespace digitorch {
namespace {

/// Minimises (1 x0^2 + 2 x1^2 + 3 x2^2) / 2 from (1, -2, 3) for three steps.
torch::Tensor after_three_steps(
    const OptimizerOptions& options, double lr = 0.1
) {
  const auto x = torch::tensor({1.F, -2.F, 3.F});
  const auto curvature = torch::tensor({1.F, 2.F, 3.F});
  const auto optimizer = make_optimizer(options, {{"x", x}});
  for (int step = 0; step < 3; ++step) optimizer->step({x * curvature}, lr);
  return x;
}

void expect_near(const torch::Tensor& found, const torch::Tensor& expected) {
  EXPECT_TRUE(found.allclose(expected, 1e-6, 1e-7)) << found << expected;
}

// The expected values were printed by torch.optim in Python, with
// lr=0.1, weight_decay=0.01 and momentum=0.9 or betas=(0.9, 0.99).
TEST(OptimizerTest, SgdGivesPyTorchsValues) {
  expect_near(
      after_three_steps({.kind = "sgd", .weight_decay = 0.01}),
      torch::tensor({0.48132452F, -0.11638844F, -0.84298831F})
  );
}

TEST(OptimizerTest, AdamGivesPyTorchsValues) {
  expect_near(
      after_three_steps({.kind = "adam", .beta2 = 0.99, .weight_decay = 0.01}),
      torch::tensor({0.70149720F, -1.70058036F, 2.70035315F})
  );
}

TEST(OptimizerTest, AdamwGivesPyTorchsValues) {
  expect_near(
      after_three_steps({.kind = "adamw", .beta2 = 0.99, .weight_decay = 0.01}),
      torch::tensor({0.69882113F, -1.69490063F, 2.69167423F})
  );
}

// With lr=10, rho=0.9 and weight_decay=0.01: its first steps are small.
TEST(OptimizerTest, AdadeltaGivesPyTorchsValues) {
  expect_near(
      after_three_steps(
          {.kind = "adadelta", .beta2 = 0.9, .weight_decay = 0.01}, 10
      ),
      torch::tensor({0.90462112F, -1.90376127F, 2.90347981F})
  );
}

TEST(OptimizerTest, SgdWithoutMomentumKeepsNoState) {
  const auto optimizer = make_optimizer(
      {.kind = "sgd", .momentum = 0, .weight_decay = 0},
      {{"x", torch::zeros(3)}}
  );
  EXPECT_TRUE(optimizer->state().empty());
}

TEST(OptimizerTest, CopiedStateGoesOnAlike) {
  for (const std::string& kind : names_of(optimizers())) {
    const auto gradient = torch::tensor({0.3F, -0.7F});
    const auto x = torch::tensor({1.F, 2.F});
    const auto first = make_optimizer({.kind = kind}, {{"x", x}});
    first->step({gradient}, 0.1);

    const auto y = x.clone();
    const auto second = make_optimizer({.kind = kind}, {{"x", y}});
    auto target = second->state();
    const auto source = first->state();
    ASSERT_EQ(target.size(), source.size());
    for (size_t i = 0; i < source.size(); ++i) {
      EXPECT_EQ(target[i].first, source[i].first);
      target[i].second.copy_(source[i].second);
    }
    first->step({gradient * 2}, 0.1);
    second->step({gradient * 2}, 0.1);
    EXPECT_TRUE(x.equal(y)) << kind;
  }
}

// As on a GPU, where the rate stays on the device.
TEST(OptimizerTest, RateInATensorGivesTheSame) {
  for (const std::string& kind : names_of(optimizers())) {
    const auto x = torch::linspace(-1, 1, 1000);
    const auto y = x.clone();
    const auto of_number = make_optimizer({.kind = kind}, {{"x", x}});
    const auto of_tensor = make_optimizer({.kind = kind}, {{"x", y}});
    for (const float lr : {0.1F, 0.003F}) {
      of_number->step({x.sin()}, lr);
      of_tensor->step({y.sin()}, torch::tensor(lr));
    }
    if (kind == "adadelta")  // rounds once more
      EXPECT_TRUE(y.allclose(x, 1e-6, 1e-7));
    else
      EXPECT_TRUE(y.equal(x)) << kind;
  }
}

TEST(OptimizerTest, UnknownKindIsALogicError) {
  EXPECT_THROW(make_optimizer({.kind = "lion"}, {}), std::logic_error);
  EXPECT_FALSE(is_optimizer("lion"));
}

// Of the two ways of weight decay, only the decoupled one acts alike on weights
// with and without a gradient.
TEST(OptimizerTest, TheTableSaysWhichDecouplesWeightDecay) {
  for (const OptimizerKind& kind : optimizers()) {
    const auto x = torch::ones(1);
    const auto optimizer = make_optimizer(
        {.kind = kind.name, .momentum = 0, .weight_decay = 0.5}, {{"x", x}}
    );
    optimizer->step({torch::zeros(1)}, 0.1);
    // lr * weight_decay, unless the optimiser scales the L2 term.
    const bool scales = !kind.beta2.empty() && !kind.decouples_weight_decay;
    EXPECT_EQ(std::abs(x.item<float>() - 0.95F) > 1e-3, scales) << kind.name;
  }
}

}  // namespace
}  // namespace digitorch
