#include "app/evaluation/temperature.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/spec.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

/// N equal pictures whose two logits are 4 and 0.
torch::Tensor sure_logits(int64_t count) {
  return torch::tensor({4.F, 0.F}).repeat({count, 1});
}

TEST(TemperatureTest, MakesTheNetworkAsSureAsItIsRight) {
  // Three of four are right; with a label counting for 5/6, the first class is
  // wanted with 5/6 * 3/4 + 1/6 * 1/4 = 2/3: sigmoid(4 / T) = 2/3.
  const auto labels = torch::tensor({0, 0, 1, 0}, torch::kInt64);
  EXPECT_NEAR(fit_temperature(sure_logits(4), labels), 4 / std::log(2), 1e-9);
}

TEST(TemperatureTest, AFewPicturesReadRightDoNotMakeItEndlesslySure) {
  // A label counts for 3/4: sigmoid(4 / T) = 3/4.
  EXPECT_NEAR(
      fit_temperature(sure_logits(2), torch::zeros(2, torch::kInt64)),
      4 / std::log(3),
      1e-9
  );
}

TEST(TemperatureTest, HasTheLeastCrossEntropyOfItsNeighbours) {
  torch::manual_seed(1);
  const auto labels = torch::randint(5, {4000}, torch::kInt64);
  const auto logits = torch::randn({4000, 5}) +
                      2 * torch::one_hot(labels, 5).to(torch::kFloat32);
  const double fitted = fit_temperature(logits, labels);
  const auto loss = [&](double temperature) {
    return mean_loss(logits.to(torch::kFloat64) / temperature, labels, {})
        .item<double>();
  };
  EXPECT_LT(loss(fitted), loss(fitted * 1.05));
  EXPECT_LT(loss(fitted), loss(fitted / 1.05));
  // Twice the logits are twice as hot.
  EXPECT_NEAR(fit_temperature(2 * logits, labels), 2 * fitted, 1e-5);
}

TEST(TemperatureTest, StaysWithinItsRange) {
  // Worse than chance: no temperature is hot enough.
  EXPECT_NEAR(
      fit_temperature(sure_logits(100), torch::ones(100, torch::kInt64)),
      20,
      1e-9
  );
  EXPECT_EQ(
      fit_temperature(torch::ones({3, 1}), torch::zeros(3, torch::kInt64)), 1
  );
}

TEST(TemperatureTest, DividedWeightsGiveDividedLogitsInEveryNetwork) {
  const ImageSet digits = testing::synthetic_digits(8, 4, 1);
  const auto images = digits.images.to(torch::kFloat32) / 255;
  for (const std::string& kind : network_kinds()) {
    const auto model =
        make_model({.network = default_network(kind), .classes = 4});
    model->train(false);
    const torch::NoGradGuard no_grad;
    const auto before = model->forward(images);
    const auto kept = model->parameters().back().second.clone();
    const NamedTensors divided = with_temperature(state_dict(*model), 2.5);
    EXPECT_TRUE(torch::equal(model->parameters().back().second, kept));
    load_state_dict(*model, divided, kind);
    EXPECT_TRUE(model->forward(images).allclose(before / 2.5, 1e-4, 1e-5))
        << kind;
  }
}

TEST(TemperatureTest, WeightsWithoutAnOutputLayerAreAnError) {
  EXPECT_THROW(
      with_temperature({{"fc.weight", torch::ones(1)}}, 2), c10::Error
  );
}

}  // namespace
}  // namespace digitorch
