// Back-propagation by hand against autograd on the equal torch::nn network, and
// against differences of the loss.
#include "models/networks/scratch.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>

#include <ostream>
#include <tuple>

#include "models/networks/mlp.h"
#include "models/spec.h"
#include "tests/support/samples.h"

namespace digitorch {
namespace {

using testing::random_images;
using Networks =
    std::pair<std::unique_ptr<Classifier>, std::unique_ptr<Classifier>>;

constexpr int64_t kClasses = 10;
constexpr double kMean = 0.13;
constexpr double kStdDev = 0.31;

/// What new tensors are made of, for the length of a test.
class DefaultType {
 public:
  explicit DefaultType(torch::ScalarType type)
      : before_(torch::get_default_dtype()) {
    torch::set_default_dtype(c10::scalarTypeToTypeMeta(type));
  }
  ~DefaultType() { torch::set_default_dtype(before_); }
  DefaultType(const DefaultType&) = delete;
  DefaultType& operator=(const DefaultType&) = delete;

 private:
  caffe2::TypeMeta before_;
};

/// A scratch network and the equal mlp, with the same weights.
Networks twins(
    const std::vector<int64_t>& hidden, const std::string& activation
) {
  auto by_hand = make_classifier(
      ScratchOptions{hidden, activation, "xavier"}, {kClasses, kMean, kStdDev}
  );
  auto by_autograd = make_classifier(
      MlpOptions{.hidden = hidden, .activation = activation},
      {kClasses, kMean, kStdDev}
  );
  // Biases of zero would hide a wrong gradient of theirs.
  for (auto& [name, tensor] : by_hand->parameters())
    if (name.ends_with("bias")) torch::Tensor(tensor).normal_(0, 0.1);
  load_state_dict(*by_autograd, by_hand->parameters(), "twin");
  return {std::move(by_hand), std::move(by_autograd)};
}

torch::Tensor some_labels(int64_t count) {
  return torch::randint(kClasses, {count}, torch::kInt64);
}

/// Size of the difference, by the size of what is expected.
double relative_difference(
    const torch::Tensor& found, const torch::Tensor& expected
) {
  return ((found - expected).norm() / expected.norm()).item<double>();
}

void expect_equal_gradients(
    Networks& networks,
    LossKind loss,
    double max,
    const torch::Tensor& class_weights = {},
    const Mixture& mixture = {}
) {
  const torch::Tensor images = random_images(16).to(torch::get_default_dtype());
  const torch::Tensor labels = some_labels(16);
  const LossOptions options{
      .kind = loss,
      .label_smoothing = 0.1,
      .class_weights = class_weights,
      .mixture = mixture};
  auto& [by_hand, by_autograd] = networks;
  const BatchResult found = by_hand->forward_backward(images, labels, options);
  const BatchResult expected =
      by_autograd->forward_backward(images, labels, options);
  EXPECT_LT(relative_difference(found.loss, expected.loss), max);
  EXPECT_LT(relative_difference(found.logits, expected.logits), max);
  const auto gradients = by_hand->gradients();
  const auto right = by_autograd->gradients();
  ASSERT_EQ(gradients.size(), right.size());
  for (size_t i = 0; i < right.size(); ++i)
    EXPECT_LT(relative_difference(gradients[i], right[i]), max)
        << by_hand->parameters()[i].first;
}

// activation, loss, number of hidden layers
using GradientCase = std::tuple<std::string, LossKind, int>;

class ScratchGradientTest : public ::testing::TestWithParam<GradientCase> {
 protected:
  std::vector<int64_t> hidden() const {
    // No two layers alike, so that a transposed product cannot fit.
    std::vector<int64_t> widths;
    for (int i = 0; i < std::get<2>(GetParam()); ++i) widths.push_back(12 - i);
    return widths;
  }
  const std::string& activation() const { return std::get<0>(GetParam()); }
  LossKind loss() const { return std::get<1>(GetParam()); }
};

TEST_P(ScratchGradientTest, EqualsAutogradInFloat) {
  torch::manual_seed(1);
  Networks networks = twins(hidden(), activation());
  expect_equal_gradients(networks, loss(), 1e-5);
}

TEST_P(ScratchGradientTest, EqualsAutogradWithWeightsOfClasses) {
  const DefaultType doubles(torch::kFloat64);
  torch::manual_seed(1);
  Networks networks = twins(hidden(), activation());
  expect_equal_gradients(networks, loss(), 1e-9, torch::rand({kClasses}) + 0.1);
}

TEST_P(ScratchGradientTest, EqualsAutogradOnMixtures) {
  const DefaultType doubles(torch::kFloat64);
  torch::manual_seed(1);
  Networks networks = twins(hidden(), activation());
  expect_equal_gradients(
      networks,
      loss(),
      1e-9,
      torch::rand({kClasses}) + 0.1,
      {.labels = some_labels(16), .part = torch::full({}, 0.3)}
  );
}

TEST_P(ScratchGradientTest, EqualsAutogradInDouble) {
  const DefaultType doubles(torch::kFloat64);
  torch::manual_seed(1);
  Networks networks = twins(hidden(), activation());
  expect_equal_gradients(networks, loss(), 1e-9);
}

TEST_P(ScratchGradientTest, EqualsCentralDifferencesOfTheLoss) {
  const DefaultType doubles(torch::kFloat64);
  torch::manual_seed(1);
  const auto model = std::move(twins(hidden(), activation()).first);
  const torch::Tensor images = random_images(4).to(torch::kFloat64);
  const torch::Tensor labels = some_labels(4);
  const LossOptions options{.kind = loss(), .label_smoothing = 0.1};
  const auto loss_now = [&] {
    return mean_loss(model->forward(images), labels, options).item<double>();
  };
  constexpr double kStep = 1e-6;
  constexpr int kWeightsTried = 5;  // of each tensor
  model->forward_backward(images, labels, options);
  std::vector<torch::Tensor> gradients;
  for (const auto& each : model->gradients()) gradients.push_back(each.clone());
  const NamedTensors parameters = model->parameters();
  for (size_t i = 0; i < parameters.size(); ++i) {
    torch::Tensor weights = parameters[i].second.flatten();  // a view
    const torch::Tensor gradient = gradients[i].flatten();
    for (int tried = 0; tried < kWeightsTried; ++tried) {
      const auto at = torch::randint(weights.numel(), {1}).item<int64_t>();
      const double value = weights[at].item<double>();
      weights[at] = value + kStep;
      const double above = loss_now();
      weights[at] = value - kStep;
      const double below = loss_now();
      weights[at] = value;
      EXPECT_NEAR(
          gradient[at].item<double>(), (above - below) / (2 * kStep), 1e-8
      ) << parameters[i].first
        << ' ' << at;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Networks,
    ScratchGradientTest,
    ::testing::Combine(
        ::testing::Values("sigmoid", "tanh", "relu"),
        ::testing::Values(LossKind::cross_entropy, LossKind::squared_error),
        ::testing::Range(1, 7)
    ),
    [](const auto& tested) {
      return std::get<0>(tested.param) +
             (std::get<1>(tested.param) == LossKind::cross_entropy
                  ? "_cross_entropy_"
                  : "_squared_error_") +
             std::to_string(std::get<2>(tested.param)) + "_hidden";
    }
);

TEST(ScratchTest, WithoutHiddenLayersItIsSoftmaxRegression) {
  torch::manual_seed(1);
  Networks networks = twins({}, "relu");
  expect_equal_gradients(networks, LossKind::cross_entropy, 1e-5);
}

TEST(ScratchTest, LargeLogitsGiveAFiniteLossAndGradient) {
  torch::manual_seed(1);
  const auto model = std::move(twins({}, "relu").first);
  torch::Tensor(model->parameters()[0].second).mul_(1e4);
  const BatchResult result =
      model->forward_backward(random_images(8), some_labels(8), {});
  EXPECT_TRUE(std::isfinite(result.loss.item<double>()));
  for (const torch::Tensor& gradient : model->gradients())
    EXPECT_TRUE(gradient.isfinite().all().item<bool>());
}

TEST(ScratchTest, NoTensorHasToDoWithAutograd) {
  torch::manual_seed(1);
  const auto model = std::move(twins({8, 6}, "tanh").first);
  ASSERT_TRUE(torch::GradMode::is_enabled());
  const BatchResult result =
      model->forward_backward(random_images(8), some_labels(8), {});
  std::vector<torch::Tensor> all = model->gradients();
  for (const auto& [name, tensor] : model->parameters()) all.push_back(tensor);
  all.push_back(result.loss);
  all.push_back(result.logits);
  model->forward(random_images(2), [&](const auto&, const auto& output) {
    all.push_back(output);
  });
  for (const torch::Tensor& tensor : all) {
    EXPECT_FALSE(tensor.requires_grad());
    EXPECT_EQ(tensor.grad_fn(), nullptr);
  }
}

/// One step of SGD with momentum, as torch::optim::SGD takes it.
void step(
    Classifier& model,
    std::vector<torch::Tensor>& velocity,
    const torch::Tensor& images,
    const torch::Tensor& labels
) {
  model.forward_backward(images, labels, {});
  const torch::NoGradGuard no_grad;
  const auto gradients = model.gradients();
  const NamedTensors parameters = model.parameters();
  velocity.resize(gradients.size());
  for (size_t i = 0; i < gradients.size(); ++i) {
    velocity[i] = velocity[i].defined() ? velocity[i] * 0.9 + gradients[i]
                                        : gradients[i].clone();
    torch::Tensor(parameters[i].second).sub_(0.01 * velocity[i]);
  }
}

TEST(ScratchTest, AHundredStepsGiveTheWeightsOfTheMlp) {
  torch::manual_seed(1);
  auto [by_hand, by_autograd] = twins({32, 16}, "relu");
  std::vector<torch::Tensor> velocity_by_hand;
  std::vector<torch::Tensor> velocity_by_autograd;
  for (int i = 0; i < 100; ++i) {
    const torch::Tensor images = torch::rand({16, 1, 28, 28});
    const torch::Tensor labels = some_labels(16);
    step(*by_hand, velocity_by_hand, images, labels);
    step(*by_autograd, velocity_by_autograd, images, labels);
  }
  const NamedTensors found = by_hand->parameters();
  const NamedTensors expected = by_autograd->parameters();
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(found[i].first, expected[i].first);
    EXPECT_LT(relative_difference(found[i].second, expected[i].second), 1e-4)
        << found[i].first;
  }
}

}  // namespace
}  // namespace digitorch
