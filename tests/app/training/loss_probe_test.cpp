#include "app/training/loss_probe.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "app/system/errors.h"
#include "models/spec.h"

namespace digitorch {
namespace {

/// A step over two pictures, of which `right` are classified correctly.
void add_step(LossProbe& probe, double loss, int64_t right) {
  const auto labels = torch::tensor({right > 0 ? 0 : 1, right > 1 ? 0 : 1});
  const auto logits = torch::tensor({{1.F, 0.F}, {1.F, 0.F}});
  probe.add({torch::tensor(loss), logits}, labels);
}

class LossProbeTest : public ::testing::Test {
 protected:
  std::unique_ptr<Classifier> model_ = make_model({default_network("mlp"), 2});
  LossProbe probe_{*model_, /*steps_per_epoch=*/4};
};

TEST_F(LossProbeTest, ARecordHoldsTheMeansSinceTheOneBefore) {
  EXPECT_FALSE(probe_.mean_loss_seen());
  add_step(probe_, 3, 2);
  probe_.start({.epoch = 1, .step = 1, .samples = 2, .lr = 0.1});
  add_step(probe_, 1, 1);
  add_step(probe_, 2, 0);
  probe_.start({.epoch = 1, .step = 3, .samples = 6, .lr = 0.1});
  probe_.take_all();
  ASSERT_EQ(probe_.records().size(), 2);
  EXPECT_EQ(probe_.records()[0].step, 5);
  EXPECT_EQ(probe_.records()[0].epoch, 1.25);
  EXPECT_EQ(probe_.records()[0].loss, 3);
  EXPECT_EQ(probe_.records()[0].accuracy, 1);
  EXPECT_EQ(probe_.records()[1].loss, 1.5);
  EXPECT_EQ(probe_.records()[1].accuracy, 0.25);
  EXPECT_EQ(probe_.mean_loss_seen(), 2);
  EXPECT_EQ(probe_.total(6).loss, 12);
  EXPECT_EQ(probe_.total(6).correct, 3);
}

TEST_F(LossProbeTest, TheSecondProbeOfOneStepMakesNoRecord) {
  add_step(probe_, 3, 2);
  for (int i = 0; i < 2; ++i)
    probe_.start({.epoch = 0, .step = 1, .samples = 2, .lr = 0.1});
  probe_.take_all();
  EXPECT_EQ(probe_.records().size(), 1);
}

TEST_F(LossProbeTest, AnEpochBeginsAtZeroAndKeepsTheRecords) {
  add_step(probe_, 3, 2);
  probe_.start({.epoch = 0, .step = 1, .samples = 2, .lr = 0.1});
  probe_.take_all();
  probe_.begin_epoch();
  EXPECT_EQ(probe_.total(0).loss, 0);
  EXPECT_FALSE(probe_.mean_loss_seen());
  EXPECT_EQ(probe_.records().size(), 1);
}

TEST_F(LossProbeTest, ALossThatIsNotFiniteIsToldWithItsStepAndRate) {
  add_step(probe_, std::numeric_limits<double>::quiet_NaN(), 0);
  probe_.start({.epoch = 2, .step = 1, .samples = 2, .lr = 0.125});
  try {
    probe_.take_all();
    FAIL() << "did not diverge";
  } catch (const DivergedError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("epoch 3 by step 1"), std::string::npos) << message;
    EXPECT_NE(message.find("0.125"), std::string::npos) << message;
  }
}

TEST_F(LossProbeTest, AWeightThatIsNotFiniteIsTold) {
  add_step(probe_, 1, 0);
  const ProbePosition position{.epoch = 0, .step = 1, .samples = 2, .lr = 0.1};
  EXPECT_NO_THROW(probe_.check_finite(position));
  {
    const torch::NoGradGuard no_grad;
    model_->parameters().front().second.fill_(
        std::numeric_limits<float>::infinity()
    );
  }
  EXPECT_THROW(probe_.check_finite(position), DivergedError);
}

}  // namespace
}  // namespace digitorch
