// One step of back-propagation: its gradients against finite differences, and
// against numbers that were computed by hand.
#include "app/evaluation/learning_step.h"

#include <gtest/gtest.h>

#include <cmath>

#include "app/system/errors.h"

namespace digitorch {
namespace {

Example example_with(
    const std::vector<int64_t>& units,
    const std::string& activation,
    LossKind loss = LossKind::cross_entropy
) {
  torch::manual_seed(1);
  std::vector<DenseLayer> layers = make_dense_layers(units, "torch");
  for (DenseLayer& layer : layers)
    layer = {layer.weight.to(torch::kFloat64), layer.bias.to(torch::kFloat64)};
  return {
      .layers = layers,
      .activation = activation,
      .loss = {.kind = loss},
      .input = at::rand({1, units.front()}, torch::kFloat64),
      .label = 1};
}

TEST(LearningStepTest, GradientsAreThoseOfFiniteDifferences) {
  for (const char* activation : {"sigmoid", "tanh", "relu"})
    for (const LossKind loss :
         {LossKind::cross_entropy, LossKind::squared_error}) {
      const LearningStep step =
          take_step(example_with({4, 5, 3, 2}, activation, loss));
      EXPECT_LT(step.largest_difference, 1e-9) << activation;
      EXPECT_EQ(step.parameters, 4 * 5 + 5 + 5 * 3 + 3 + 3 * 2 + 2);
      EXPECT_EQ(step.checked, step.parameters);
      EXPECT_LT(step.loss_after, step.backward.loss.item<double>());
      EXPECT_EQ(step.units(), (std::vector<int64_t>{4, 5, 3, 2}));
    }
}

TEST(LearningStepTest, SoftmaxRegressionByHand) {
  Example example;
  example.layers = {
      {at::zeros({2, 2}, torch::kFloat64), at::zeros({2}, torch::kFloat64)}};
  example.activation = "relu";
  example.input = torch::tensor({{2.0, -4.0}}, torch::kFloat64);
  example.label = 0;
  example.lr = 1;
  const LearningStep step = take_step(example);
  EXPECT_NEAR(step.backward.loss.item<double>(), std::log(2), 1e-12);
  // Both classes have the probability 1/2, so that the errors are -1/2 and 1/2.
  const auto expected =
      torch::tensor({{-1.0, 2.0}, {1.0, -2.0}}, torch::kFloat64);
  EXPECT_TRUE(at::allclose(step.backward.gradients[0].weight, expected));
  // After the step the logits are 10.5 and -10.5.
  EXPECT_NEAR(step.loss_after, std::log1p(std::exp(-21.0)), 1e-12);
}

TEST(LearningStepTest, LeavesTheExampleAsItWas) {
  const Example example = example_with({2, 3, 2}, "tanh");
  const torch::Tensor before = example.layers[0].weight.clone();
  const LearningStep step = take_step(example);
  EXPECT_TRUE(example.layers[0].weight.equal(before));
  EXPECT_TRUE(step.example.layers[0].weight.equal(before));
}

TEST(LearningStepTest, TriesAPartOfManyWeights) {
  const LearningStep step = take_step(example_with({10, 10, 2}, "tanh"), 25);
  EXPECT_EQ(step.checked, 25 + 10 + 20 + 2);
  EXPECT_EQ(step.parameters, 132);
  EXPECT_LT(step.largest_difference, 1e-9);
}

TEST(LearningStepTest, RefusesALossThatIsNoNumber) {
  Example example = example_with({2, 2}, "relu");
  example.input = at::full({1, 2}, INFINITY, torch::kFloat64);
  EXPECT_THROW(take_step(example), DivergedError);
}

}  // namespace
}  // namespace digitorch
