#include "app/evaluation/examine.h"

#include <gtest/gtest.h>

#include "models/spec.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

using testing::synthetic_digits;

std::unique_ptr<Classifier> linear_network() {
  return make_model({.network = ScratchOptions{.hidden = {}}, .classes = 3});
}

torch::Tensor weights_named(const Classifier& model, const std::string& name) {
  for (const auto& [each, tensor] : model.parameters())
    if (each == name) return tensor.detach();
  return {};
}

TEST(LayerOutputsTest, EndWithTheLogitsOfThePicture) {
  torch::manual_seed(1);
  const auto model = make_model(
      {.network = CnnOptions{.channels = {4}, .hidden = {6}}, .classes = 3}
  );
  const ImageSet digits = synthetic_digits(3, 3, 1);
  const NamedTensors layers = layer_outputs(*model, digits.images[1]);
  ASSERT_EQ(layers.size(), 4);
  EXPECT_EQ(layers[0].first, "conv 1");
  EXPECT_EQ(layers[0].second.sizes(), (torch::IntArrayRef{4, 28, 28}));
  EXPECT_EQ(layers[1].second.sizes(), (torch::IntArrayRef{4, 14, 14}));
  EXPECT_EQ(layers[2].second.sizes(), (torch::IntArrayRef{6}));
  const torch::NoGradGuard no_grad;
  const torch::Tensor logits =
      model->forward(digits.images.to(torch::kFloat32) / 255)[1];
  EXPECT_TRUE(layers[3].second.allclose(logits, 1e-5, 1e-6));
}

TEST(WeightsOfLayerTest, CountsEveryParameterOfTheNetworkOnce) {
  for (const NetworkOptions& network :
       {NetworkOptions{
            CnnOptions{.crop = 2, .channels = {4, 5}, .hidden = {6}}},
        NetworkOptions{MlpOptions{.hidden = {7, 6}, .batch_norm = true}},
        NetworkOptions{ScratchOptions{.hidden = {7}}}}) {
    const auto model = make_model({.network = network, .classes = 3});
    const int64_t all = weight_count(model->parameters());
    int64_t counted = 0;
    for (const auto& [layer, output] :
         layer_outputs(*model, torch::zeros({1, 28, 28}, torch::kUInt8)))
      counted += weights_of_layer(model->parameters(), layer);
    EXPECT_EQ(counted, all) << kind_of(network);
  }
}

TEST(LayerOfParameterTest, NamesLayersAsATapDoes) {
  EXPECT_EQ(layer_of_parameter("conv.1.weight"), "conv 2");
  EXPECT_EQ(layer_of_parameter("hidden.0.bias"), "hidden 1");
  EXPECT_EQ(layer_of_parameter("output.weight"), "output");
}

TEST(WeightCountTest, AddsWeightsAndBiases) {
  const auto model =
      make_model({.network = ScratchOptions{.hidden = {5}}, .classes = 3});
  EXPECT_EQ(weight_count(model->parameters()), (784 + 1) * 5 + (5 + 1) * 3);
}

TEST(WeightsOfLayerTest, PoolingHasNone) {
  const auto model = make_model({.network = CnnOptions{.batch_norm = true}});
  EXPECT_EQ(weights_of_layer(model->parameters(), "pool 1"), 0);
  EXPECT_EQ(weights_of_layer(model->parameters(), "crop"), 0);
  // 16 kernels of 3 x 3, and a scale and a shift for each.
  EXPECT_EQ(weights_of_layer(model->parameters(), "conv 1"), 16 * 9 + 2 * 16);
}

TEST(SaliencyTest, OfALinearNetworkIsItsWeightsAgainstTheOthers) {
  torch::manual_seed(1);
  const auto model = linear_network();
  torch::Tensor weight = weights_named(*model, "output.weight");
  // Only two pixels matter, the first twice as much as the second; the weights
  // are so small that all classes stay equally likely.
  weight.zero_();
  weight[0][5] = 2e-4;
  weight[0][100] = -1e-4;
  const torch::Tensor found =
      saliency(*model, torch::zeros({1, 28, 28}, torch::kUInt8), 0).flatten();
  EXPECT_NEAR(found[5].item<float>(), 2e-4 * 2 / 3, 1e-7);
  EXPECT_NEAR(found[100].item<float>(), 1e-4 * 2 / 3, 1e-7);
  EXPECT_EQ(found.count_nonzero().item<int64_t>(), 2);
}

TEST(SaliencyTest, ServesNetworksWithAndWithoutAutograd) {
  torch::manual_seed(1);
  const auto by_hand = make_model({.network = ScratchOptions{.hidden = {8}}});
  const auto by_autograd = make_model({.network = MlpOptions{.hidden = {8}}});
  load_state_dict(*by_autograd, by_hand->parameters(), "twin");
  const torch::Tensor image = synthetic_digits(4, 4, 1).images[2];
  EXPECT_TRUE(saliency(*by_hand, image, 3)
                  .allclose(saliency(*by_autograd, image, 3), 1e-4, 1e-7));
}

TEST(ProjectFeaturesTest, FindsTheTwoPixelsThatVary) {
  // Without hidden layers the features are the pixels.
  const auto model = linear_network();
  ImageSet digits{
      torch::zeros({4, 1, 28, 28}, torch::kUInt8),
      torch::zeros({4}, torch::kInt64),
      {"a", "b", "c"}};
  // Pixel 3 varies by +-100, pixel 7 by +-50, independently.
  torch::Tensor pixels = digits.images.flatten(1);
  for (int64_t i = 0; i < 4; ++i) {
    pixels[i][3] = i < 2 ? 200 : 0;
    pixels[i][7] = i % 2 == 0 ? 100 : 0;
  }
  const Projection plane = project_features(*model, digits, 3);
  EXPECT_NEAR(plane.explained[0], 0.8, 1e-6);
  EXPECT_NEAR(plane.explained[1], 0.2, 1e-6);
  for (int64_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(
        plane.points[i][0].item<double>(), (i < 2 ? 100 : -100) / 255.0, 1e-6
    );
    EXPECT_NEAR(
        plane.points[i][1].item<double>(), (i % 2 == 0 ? 50 : -50) / 255.0, 1e-6
    );
  }
}

TEST(NearestTest, RanksByTheDistanceOfTheFeatures) {
  // Without hidden layers the features are the pixels.
  const auto model = linear_network();
  const torch::Tensor images = torch::zeros({5, 1, 28, 28}, torch::kUInt8);
  const std::vector<int> levels{190, 90, 0, 120, 255};
  for (int64_t i = 0; i < 5; ++i) images[i][0][3].fill_(levels[size_t(i)]);
  const auto wanted = torch::full({1, 28, 28}, 0, torch::kUInt8);
  wanted[0][3].fill_(100);
  EXPECT_EQ(
      nearest(*model, wanted, images, 3, 2), (std::vector<int64_t>{1, 3, 0})
  );
  EXPECT_EQ(nearest(*model, wanted, images, 9, 2).size(), 5U);
}

TEST(ProjectFeaturesTest, OneFeatureAndOnePictureGiveAPoint) {
  const auto model =
      make_model({.network = ScratchOptions{.hidden = {1}}, .classes = 3});
  const ImageSet one = synthetic_digits(1, 1, 1);
  const Projection plane = project_features(*model, one, 10);
  EXPECT_EQ(plane.points.sizes(), (torch::IntArrayRef{1, 2}));
  EXPECT_TRUE(plane.points.isfinite().all().item<bool>());
}

}  // namespace
}  // namespace digitorch
