// The tables of choices: what is in each row, and that no other name is taken.
#include <gtest/gtest.h>
#include <torch/autograd.h>

#include <set>
#include <stdexcept>

#include "models/networks/activation.h"
#include "models/networks/initialisation.h"
#include "models/networks/loss.h"
#include "models/options/choices.h"
#include "models/spec.h"
#include "tests/support/samples.h"

namespace digitorch {
namespace {

TEST(TablesTest, UnknownNamesAreRefused) {
  EXPECT_THROW(activation_named("gelu"), std::logic_error);
  EXPECT_THROW(initialisation_named("orthogonal"), std::logic_error);
  EXPECT_THROW(loss_named("hinge"), std::logic_error);
  for (const char* kind : {"mlp", "scratch"}) {
    NetworkOptions network = default_network(kind);
    for (const Field& option : fields(network))
      if (option.name == "activation" || option.name == "initialisation") {
        EXPECT_FALSE(option.set("gelu")) << kind << ' ' << option.name;
      }
  }
}

TEST(TablesTest, SlopeOfAnActivationIsItsDerivative) {
  torch::manual_seed(1);
  for (const Activation& each : activations()) {
    torch::Tensor z = torch::randn({100}, torch::kFloat64);
    z.requires_grad_();
    const torch::Tensor a = each.value(z);
    a.sum().backward();
    EXPECT_TRUE(each.slope(z.detach(), a.detach()).allclose(z.grad()))
        << each.name;
  }
}

TEST(TablesTest, ActivationNamesAnInitialisationOfTheTable) {
  for (const Activation& each : activations())
    EXPECT_NO_THROW(initialisation_named(each.initialisation)) << each.name;
}

TEST(TablesTest, FullyConnectedNetworksTakeEveryRow) {
  for (const std::string& activation : names_of(activations()))
    for (const std::string& initialisation : names_of(initialisations())) {
      const NetworkOptions networks[] = {
          MlpOptions{{8}, activation, initialisation},
          ScratchOptions{{8}, activation, initialisation}};
      for (const NetworkOptions& network : networks) {
        const torch::Tensor logits =
            make_model({network})->forward(testing::random_images(2));
        EXPECT_TRUE(logits.isfinite().all().item<bool>())
            << kind_of(network) << ' ' << activation << ' ' << initialisation;
      }
    }
}

TEST(TablesTest, EveryLossHasARowAndIsZeroForCertainAnswers) {
  std::set<LossKind> kinds;
  for (const Loss& each : losses()) {
    kinds.insert(each.kind);
    EXPECT_EQ(loss_named(each.name).kind, each.kind);
    const torch::Tensor labels = torch::tensor({2, 0}, torch::kInt64);
    const torch::Tensor logits =
        at::one_hot(labels, 3).to(torch::kFloat32) * 100;
    const LossOptions options{.kind = each.kind};
    EXPECT_NEAR(mean_loss(logits, labels, options).item<double>(), 0, 1e-6);
    EXPECT_GT(mean_loss(-logits, labels, options).item<double>(), 0.5);
  }
  EXPECT_EQ(kinds.size(), losses().size());
}

}  // namespace
}  // namespace digitorch
