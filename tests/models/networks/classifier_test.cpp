#include "models/networks/classifier.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/nn/modules/linear.h>

#include <algorithm>
#include <cmath>

#include "models/networks/module_classifier.h"
#include "tests/support/samples.h"

namespace digitorch {
namespace {

using testing::refusal;

/// Softmax [1/4, 3/4] of a second-class picture, [1/2, 1/2] of a first-class
/// one.
const torch::Tensor& two_logits() {
  static const torch::Tensor logits =
      torch::tensor({{0.0, std::log(3.0)}, {0.0, 0.0}}, torch::kFloat64);
  return logits;
}

const torch::Tensor& two_labels() {
  static const torch::Tensor labels = torch::tensor({1, 0}, torch::kInt64);
  return labels;
}

TEST(MeanLossTest, CrossEntropyIsTheMeanOfMinusLogProbability) {
  const double expected = (std::log(4.0 / 3.0) + std::log(2.0)) / 2;
  EXPECT_DOUBLE_EQ(
      mean_loss(two_logits(), two_labels(), {}).item<double>(), expected
  );
}

TEST(MeanLossTest, LabelSmoothingSharesPartOfTheTargetAmongAllClasses) {
  // Smoothing 0.2 of two classes: 0.9 for the label, 0.1 for the other.
  const double first = 0.9 * std::log(4.0 / 3.0) + 0.1 * std::log(4.0);
  const double expected = (first + std::log(2.0)) / 2;
  EXPECT_NEAR(
      mean_loss(two_logits(), two_labels(), {.label_smoothing = 0.2})
          .item<double>(),
      expected,
      1e-15
  );
}

TEST(MeanLossTest, SquaredErrorIsHalfTheSquaredDistanceToOneHot) {
  // ((1/4)^2 + (1/4)^2) / 2 and ((1/2)^2 + (1/2)^2) / 2.
  const LossOptions options{.kind = LossKind::squared_error};
  EXPECT_DOUBLE_EQ(
      mean_loss(two_logits(), two_labels(), options).item<double>(),
      (0.0625 + 0.25) / 2
  );
}

/// The rows of one-hot labels, mixed: what mean_loss() takes as two labels.
torch::Tensor soft_labels(
    const torch::Tensor& labels, const Mixture& mixture, int64_t classes
) {
  const auto one_hot = [&](const torch::Tensor& each) {
    return at::one_hot(each, classes).to(torch::kFloat64);
  };
  return one_hot(labels) * (1 - mixture.part) +
         one_hot(mixture.labels) * mixture.part;
}

TEST(MeanLossTest, OfMixturesIsTheCrossEntropyOfSoftLabels) {
  torch::manual_seed(1);
  const torch::Tensor logits = torch::randn({6, 3}, torch::kFloat64);
  const torch::Tensor labels = torch::tensor({0, 1, 2, 0, 1, 2});
  const Mixture mixture{
      .labels = torch::tensor({1, 1, 0, 2, 0, 2}),
      .part = torch::full({}, 0.25)};
  const torch::Tensor soft = soft_labels(labels, mixture, 3);
  const torch::Tensor weights = torch::tensor({0.5, 1.0, 3.0}, torch::kFloat64);
  const auto expected = [&](const torch::Tensor& by_class, double smoothing) {
    return at::cross_entropy_loss(
               logits, soft, by_class, at::Reduction::Mean, -100, smoothing
    )
        .item<double>();
  };
  const auto found = [&](const LossOptions& options) {
    return mean_loss(logits, labels, options).item<double>();
  };
  EXPECT_NEAR(found({.mixture = mixture}), expected({}, 0), 1e-15);
  EXPECT_NEAR(
      found({.label_smoothing = 0.1, .mixture = mixture}),
      expected({}, 0.1),
      1e-15
  );
  EXPECT_NEAR(
      found({.class_weights = weights, .mixture = mixture}),
      expected(weights, 0),
      1e-15
  );
  EXPECT_NE(found({}), found({.mixture = mixture}));
}

TEST(MeanLossTest, SquaredErrorOfMixturesHasTheGradientOfSoftLabels) {
  torch::manual_seed(1);
  const torch::Tensor logits =
      torch::randn({4, 3}, torch::kFloat64).requires_grad_();
  const torch::Tensor labels = torch::tensor({0, 1, 2, 0});
  const Mixture mixture{
      .labels = torch::tensor({1, 1, 0, 2}), .part = torch::full({}, 0.25)};
  const LossOptions options{
      .kind = LossKind::squared_error, .mixture = mixture};
  const torch::Tensor wanted =
      (logits.softmax(1) - soft_labels(labels, mixture, 3)).square().sum() / 8;
  const auto gradient = [&](const torch::Tensor& loss) {
    return torch::autograd::grad({loss}, {logits})[0];
  };
  EXPECT_TRUE(gradient(mean_loss(logits, labels, options))
                  .allclose(gradient(wanted), 1e-14, 1e-15));
}

TEST(MeanLossTest, SquaredErrorSmoothsItsTargetToo) {
  // Targets [0.1, 0.9] and [0.9, 0.1].
  const LossOptions options{
      .kind = LossKind::squared_error, .label_smoothing = 0.2};
  EXPECT_NEAR(
      mean_loss(two_logits(), two_labels(), options).item<double>(),
      (0.15 * 0.15 + 0.4 * 0.4) / 2,
      1e-15
  );
}

class SmallNetImpl : public torch::nn::Module {
 public:
  torch::Tensor forward(const torch::Tensor& images, const LayerTap& = {}) {
    return output->forward(hidden->forward(images.flatten(1)).tanh());
  }

 private:
  torch::nn::Linear hidden =
      register_module("hidden", torch::nn::Linear(784, 6));
  torch::nn::Linear output = register_module("output", torch::nn::Linear(6, 3));
};
TORCH_MODULE(SmallNet);

/// A network seen as a Classifier and as the module it is.
struct TwoViews {
  SmallNet net;
  ModuleClassifier<SmallNet> model{net, InputFormat()};
  torch::Tensor images = testing::random_images(8);
  torch::Tensor labels = torch::arange(8, torch::kInt64).remainder(3);
};

TEST(ModuleClassifierTest, GradientsEqualThoseOfPlainAutograd) {
  TwoViews views;
  const LossOptions options{.kind = LossKind::squared_error};
  const torch::Tensor loss =
      mean_loss(views.net->forward(views.images), views.labels, options);
  const auto expected = torch::autograd::grad({loss}, views.net->parameters());
  const BatchResult result =
      views.model.forward_backward(views.images, views.labels, options);
  const auto found = views.model.gradients();
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i)
    EXPECT_TRUE(found[i].equal(expected[i])) << i;
  EXPECT_EQ(result.loss.item<float>(), loss.item<float>());
}

// That gradient is a kernel's own: loss_cpu_test.cpp compares it with ATen's.
TEST(ModuleClassifierTest, CrossEntropyGoesThroughAutogradFromTheLogits) {
  TwoViews views;
  const torch::Tensor logits = views.net->forward(views.images);
  const auto known = cross_entropy_gradient(logits.detach(), views.labels, 0);
  ASSERT_TRUE(known);
  const auto expected = torch::autograd::grad(
      {logits}, views.net->parameters(), {known->gradient}
  );
  const BatchResult result =
      views.model.forward_backward(views.images, views.labels, {});
  const auto found = views.model.gradients();
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i)
    EXPECT_TRUE(found[i].equal(expected[i])) << i;
  EXPECT_EQ(result.loss.item<float>(), known->loss.item<float>());
}

TEST(ModuleClassifierTest, SecondBackwardReplacesTheGradients) {
  TwoViews views;
  views.model.forward_backward(views.images, views.labels, {});
  const torch::Tensor once = views.model.gradients().front().clone();
  views.model.forward_backward(views.images, views.labels, {});
  EXPECT_TRUE(views.model.gradients().front().equal(once));
}

TEST(ModuleClassifierTest, GradientsAreUndefinedBeforeTheFirstBackward) {
  TwoViews views;
  EXPECT_EQ(views.model.gradients().size(), 4);
  for (const torch::Tensor& gradient : views.model.gradients())
    EXPECT_FALSE(gradient.defined());
}

TEST(ModuleClassifierTest, ResultOfABatchHoldsNoGraph) {
  TwoViews views;
  const BatchResult result =
      views.model.forward_backward(views.images, views.labels, {});
  EXPECT_FALSE(result.loss.requires_grad());
  EXPECT_FALSE(result.logits.requires_grad());
  EXPECT_EQ(result.logits.sizes(), torch::IntArrayRef({8, 3}));
}

TEST(ModuleClassifierTest, WritingToAParameterChangesTheModel) {
  TwoViews views;
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : views.model.parameters()) tensor.zero_();
  EXPECT_TRUE(views.model.forward(views.images).equal(torch::zeros({8, 3})));
}

TEST(LoadStateDictTest, GivesTheSameAnswersInWhateverOrderTheWeightsCome) {
  const auto source = make_model(testing::tiny_cnn());
  const auto target = make_model(testing::tiny_cnn());
  NamedTensors weights = state_dict(*source);
  std::reverse(weights.begin(), weights.end());
  load_state_dict(*target, weights, "file");
  source->train(false);
  target->train(false);
  const torch::Tensor images = testing::random_images(4);
  EXPECT_TRUE(source->forward(images).equal(target->forward(images)));
}

/// What load_state_dict says of a state dict changed by `change`; the model
/// must be as before.
template <class Change>
std::string refusal_of(Change change) {
  const auto model = make_model(testing::tiny_mlp());
  NamedTensors before;
  for (const auto& [name, tensor] : state_dict(*model))
    before.emplace_back(name, tensor.detach().clone());
  NamedTensors weights;
  for (const auto& [name, tensor] : before)
    weights.emplace_back(name, torch::ones_like(tensor));
  change(weights);
  const std::string text =
      refusal([&] { load_state_dict(*model, weights, "file"); });
  const NamedTensors after = state_dict(*model);
  for (size_t i = 0; i < before.size(); ++i)
    EXPECT_TRUE(after[i].second.equal(before[i].second)) << before[i].first;
  return text;
}

TEST(LoadStateDictTest, MissingWeightIsNamedAndNothingIsLoaded) {
  EXPECT_EQ(
      refusal_of([](NamedTensors& weights) {
        std::erase_if(weights, [](const auto& weight) {
          return weight.first == "output.bias";
        });
      }),
      "file: found no weight 'output.bias'; expected Float [3]"
  );
}

TEST(LoadStateDictTest, OtherShapeIsNamedAndNothingIsLoaded) {
  EXPECT_EQ(
      refusal_of([](NamedTensors& weights) {
        weights.front().second = torch::zeros({5, 783});
      }),
      "file: found Float [5, 783] for 'hidden.0.weight'; expected Float [5, "
      "784]"
  );
}

TEST(LoadStateDictTest, OtherTypeIsNamedAndNothingIsLoaded) {
  EXPECT_EQ(
      refusal_of([](NamedTensors& weights) {
        weights.front().second = weights.front().second.to(torch::kDouble);
      }),
      "file: found Double [5, 784] for 'hidden.0.weight'; expected Float [5, "
      "784]"
  );
}

TEST(LoadStateDictTest, UnknownWeightIsNamedAndNothingIsLoaded) {
  EXPECT_EQ(
      refusal_of([](NamedTensors& weights) {
        weights.emplace_back("hidden.9.weight", torch::zeros({1}));
      }),
      "file: found the weight 'hidden.9.weight'; expected none of that name"
  );
}

TEST(LoadStateDictTest, WeightGivenTwiceIsNamedAndNothingIsLoaded) {
  EXPECT_EQ(
      refusal_of([](NamedTensors& weights) {
        weights.push_back(weights.front());
      }),
      "file: found the weight 'hidden.0.weight' twice; expected it once"
  );
}

}  // namespace
}  // namespace digitorch
