#include "app/training/gradient_flow.h"

#include <gtest/gtest.h>

#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

using testing::synthetic_digits;

GradientFlowOptions options_for(
    const std::string& activation,
    const std::string& initialisation,
    size_t hidden_layers
) {
  return {
      .network =
          {.hidden = std::vector<int64_t>(hidden_layers, 30),
           .activation = activation,
           .initialisation = initialisation},
      .train =
          {.batch_size = 20,
           .optimizer = {.kind = "sgd", .momentum = 0, .weight_decay = 0},
           .schedule = {.kind = "constant", .lr = 0.1},
           .label_smoothing = 0,
           .validation = 0,
           .augment = "none"},
      .steps = 100,
      .interval = 30};
}

GradientFlow measured(
    const std::string& activation,
    const std::string& initialisation,
    size_t hidden_layers
) {
  at::set_num_threads(1);  // small products gain nothing from more
  return measure_gradient_flow(
      options_for(activation, initialisation, hidden_layers),
      synthetic_digits(400, 10, 1),
      torch::kCPU
  );
}

TEST(GradientFlowTest, VanishesThroughSixSigmoidLayers) {
  const GradientFlow flow = measured("sigmoid", "xavier", 6);
  EXPECT_TRUE(flow.vanishes()) << flow.ratio();
}

TEST(GradientFlowTest, ReachesTheFirstOfSixReluLayersDrawnAsHeDid) {
  const GradientFlow flow = measured("relu", "he", 6);
  EXPECT_FALSE(flow.vanishes()) << flow.ratio();
  EXPECT_GT(flow.ratio(), 0.1);
}

TEST(GradientFlowTest, ReachesTheFirstLayerOfAShallowSigmoidNetwork) {
  EXPECT_FALSE(measured("sigmoid", "xavier", 1).vanishes());
}

TEST(GradientFlowTest, RecordsCoverEveryStepOnce) {
  const GradientFlow flow = measured("tanh", "xavier", 2);
  EXPECT_EQ(flow.steps, (std::vector<int64_t>{30, 60, 90, 100}));
  EXPECT_EQ(flow.norms.sizes(), (torch::IntArrayRef{4, 3}));
  const torch::Tensor expected =
      (30 * (flow.norms[0] + flow.norms[1] + flow.norms[2]) + 10 * flow.norms[3]
      ) /
      100;
  EXPECT_TRUE(flow.mean_norms().allclose(expected));
  ASSERT_TRUE(flow.loss);
  EXPECT_LT(*flow.loss, 2.3);  // it has learned: less than a guess's log 10
}

TEST(GradientFlowTest, TheSameSeedGivesTheSameNorms) {
  EXPECT_TRUE(
      measured("relu", "he", 2).norms.equal(measured("relu", "he", 2).norms)
  );
}

TEST(GradientFlowTest, StopsWhenAsked) {
  int64_t asked = 0;
  const GradientFlow flow = measure_gradient_flow(
      options_for("relu", "he", 1),
      synthetic_digits(400, 10, 1),
      torch::kCPU,
      [&asked] { return ++asked == 35; }
  );
  EXPECT_EQ(flow.steps, std::vector<int64_t>{30});
}

}  // namespace
}  // namespace digitorch
