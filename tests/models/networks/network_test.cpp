#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <sstream>

#include "models/options/fields_json.h"
#include "models/spec.h"
#include "tests/support/samples.h"

namespace digitorch {
// For the names of tests, which would hold the bytes of the options otherwise.
template <class Options>
void print_options(Options options, std::ostream* out) {
  *out << Options::kKind << ' ' << to_json(fields(options)).dump();
}
void PrintTo(const MlpOptions& options, std::ostream* out) {
  print_options(options, out);
}
void PrintTo(const ScratchOptions& options, std::ostream* out) {
  print_options(options, out);
}
void PrintTo(const CnnOptions& options, std::ostream* out) {
  print_options(options, out);
}

namespace {

using testing::random_images;
using testing::refusal;

/// "name [shape]" of each tensor of the state dict.
std::vector<std::string> layout(const NetworkOptions& network) {
  std::vector<std::string> lines;
  for (const auto& [name, tensor] : state_dict(*make_model({network, 10}))) {
    std::ostringstream line;
    line << name << ' ' << tensor.sizes();
    lines.push_back(line.str());
  }
  return lines;
}

/// The state dict to look names up in.
std::map<std::string, torch::Tensor> named(const Classifier& model) {
  const NamedTensors state = state_dict(model);
  return {state.begin(), state.end()};
}

int64_t weight_count(const NetworkOptions& network) {
  int64_t count = 0;
  for (const auto& [name, tensor] : make_model({network, 10})->parameters())
    count += tensor.numel();
  return count;
}

TEST(MlpTest, StateDictHasTheNamesAndShapesOfThePythonModule) {
  const MlpOptions options{.hidden = {32, 16}, .batch_norm = true};
  const std::vector<std::string> expected{
      "hidden.0.weight [32, 784]",
      "hidden.0.bias [32]",
      "hidden.1.weight [16, 32]",
      "hidden.1.bias [16]",
      "norm.0.weight [32]",
      "norm.0.bias [32]",
      "norm.1.weight [16]",
      "norm.1.bias [16]",
      "output.weight [10, 16]",
      "output.bias [10]",
      "norm.0.running_mean [32]",
      "norm.0.running_var [32]",
      "norm.0.num_batches_tracked []",
      "norm.1.running_mean [16]",
      "norm.1.running_var [16]",
      "norm.1.num_batches_tracked []"};
  EXPECT_EQ(layout(options), expected);
}

TEST(MlpTest, WithoutHiddenLayersItIsOneLinearLayer) {
  const std::vector<std::string> expected{
      "output.weight [10, 784]", "output.bias [10]"};
  EXPECT_EQ(layout(MlpOptions{.hidden = {}}), expected);
}

TEST(MlpTest, LogitsEqualTheFormula) {
  torch::manual_seed(0);
  const auto model = make_model(
      {MlpOptions{.hidden = {7}, .activation = "sigmoid"}, 4, 0.25, 0.5}
  );
  const torch::NoGradGuard no_grad;
  const torch::Tensor images = random_images(3);
  const auto w = named(*model);
  const torch::Tensor x = ((images - 0.25) / 0.5).reshape({3, 784});
  const torch::Tensor hidden =
      torch::sigmoid(x.mm(w.at("hidden.0.weight").t()) + w.at("hidden.0.bias"));
  const torch::Tensor logits =
      hidden.mm(w.at("output.weight").t()) + w.at("output.bias");
  EXPECT_TRUE(model->forward(images).allclose(logits, 1e-5, 1e-6));
}

TEST(MlpTest, EachInitialisationHasItsStandardDeviation) {
  const auto std_dev = [](const std::string& initialisation) {
    torch::manual_seed(0);
    const auto model = make_model({MlpOptions{
        .hidden = {512}, .initialisation = initialisation}});
    return named(*model).at("hidden.0.weight").std().item<double>();
  };
  // A uniform distribution in -b..b has the standard deviation b / sqrt(3).
  EXPECT_NEAR(std_dev("torch"), 1 / std::sqrt(3 * 784.0), 2e-4);
  EXPECT_NEAR(std_dev("he"), std::sqrt(2 / 784.0), 4e-4);
  EXPECT_NEAR(std_dev("xavier"), std::sqrt(2 / (784.0 + 512)), 4e-4);
  EXPECT_NEAR(std_dev("normal"), 1, 0.01);
}

TEST(MlpTest, DropoutActsInTrainingAlone) {
  torch::manual_seed(0);
  const auto model = make_model({MlpOptions{.hidden = {64}, .dropout = 0.5}});
  const torch::Tensor images = random_images(2);
  model->train(true);
  EXPECT_FALSE(model->forward(images).equal(model->forward(images)));
  model->train(false);
  EXPECT_TRUE(model->forward(images).equal(model->forward(images)));
}

TEST(CnnTest, StateDictHasTheNamesAndShapesOfThePythonModule) {
  const CnnOptions options{
      .channels = {8, 16},
      .kernel = {3, 5},
      .pool = {2},
      .hidden = {32},
      .batch_norm = true};
  const std::vector<std::string> expected{
      "conv.0.weight [8, 1, 3, 3]",
      "conv.1.weight [16, 8, 5, 5]",
      "norm.0.weight [8]",
      "norm.0.bias [8]",
      "norm.1.weight [16]",
      "norm.1.bias [16]",
      "hidden.0.weight [32, 784]",
      "hidden.0.bias [32]",
      "output.weight [10, 32]",
      "output.bias [10]",
      "norm.0.running_mean [8]",
      "norm.0.running_var [8]",
      "norm.0.num_batches_tracked []",
      "norm.1.running_mean [16]",
      "norm.1.running_var [16]",
      "norm.1.num_batches_tracked []"};
  EXPECT_EQ(layout(options), expected);
}

TEST(CnnTest, WithoutConvolutionsItIsFullyConnected) {
  const std::vector<std::string> expected{
      "output.weight [10, 784]", "output.bias [10]"};
  EXPECT_EQ(layout(CnnOptions{.channels = {}, .hidden = {}}), expected);
}

TEST(CnnTest, PyTorchsExampleHasAsManyWeightsAsThere) {
  const CnnOptions options{
      .channels = {32, 64},
      .kernel = {3},
      .pool = {1, 2},
      .padding = "valid",
      .hidden = {128},
      .conv_dropout = 0.25,
      .dropout = 0.5,
      .batch_norm = false};
  EXPECT_EQ(weight_count(options), 1'199'882);
}

TEST(CnnTest, OneEpochRecipeHasAsManyWeightsAsThere) {
  const CnnOptions options{
      .channels = {24, 32},
      .kernel = {5, 3},
      .pool = {2},
      .padding = "valid",
      .hidden = {256},
      .batch_norm = false};
  // conv5-24: 624, conv3-32: 6944, 32 * 5 * 5 -> 256: 205056, -> 10: 2570.
  EXPECT_EQ(weight_count(options), 624 + 6'944 + 205'056 + 2'570);
}

TEST(CnnTest, CroppedItIsTheNetworkOfThePicturesInside) {
  const auto network = [](int64_t crop, int64_t side) {
    torch::manual_seed(0);
    ModelSpec spec{
        CnnOptions{.crop = crop, .channels = {8}, .hidden = {4}, .dropout = 0}};
    spec.input.pictures = "plain";
    spec.input.height = spec.input.width = side;
    return make_model(spec);
  };
  const auto cropped = network(4, 28);
  const auto inside = network(0, 20);
  const torch::Tensor images = random_images(3);
  const torch::Tensor parts =
      images.slice(2, 4, 24).slice(3, 4, 24).contiguous();
  const torch::Tensor labels = torch::tensor({0, 1, 2}, torch::kInt64);
  EXPECT_TRUE(cropped->forward(images).equal(inside->forward(parts)));
  cropped->forward_backward(images, labels, {});
  inside->forward_backward(parts, labels, {});
  for (size_t i = 0; i < inside->gradients().size(); ++i)
    EXPECT_TRUE(cropped->gradients()[i].equal(inside->gradients()[i])) << i;
}

TEST(CnnTest, LogitsEqualPlainLayersInPlainOrder) {
  torch::manual_seed(0);
  const auto model = make_model(
      {CnnOptions{
           .channels = {4, 6},
           .kernel = {3},
           .pool = {2},
           .hidden = {8},
           .batch_norm = true},
       5,
       0.25,
       0.5}
  );
  model->train(false);
  const torch::NoGradGuard no_grad;
  const torch::Tensor images = random_images(3);
  const auto w = named(*model);
  torch::Tensor x = (images - 0.25) / 0.5;
  for (const std::string i : {"0", "1"}) {
    x = torch::conv2d(x, w.at("conv." + i + ".weight"), {}, 1, 1);
    x = torch::batch_norm(
        x,
        w.at("norm." + i + ".weight"),
        w.at("norm." + i + ".bias"),
        w.at("norm." + i + ".running_mean"),
        w.at("norm." + i + ".running_var"),
        /*training=*/false,
        /*momentum=*/0.1,
        /*eps=*/1e-5,
        /*cudnn_enabled=*/false
    );
    x = torch::max_pool2d(torch::relu(x), 2);
  }
  x = x.contiguous().flatten(1);
  x = torch::relu(
      torch::linear(x, w.at("hidden.0.weight"), w.at("hidden.0.bias"))
  );
  x = torch::linear(x, w.at("output.weight"), w.at("output.bias"));
  EXPECT_TRUE(model->forward(images).allclose(x, 1e-5, 1e-6));
}

TEST(CnnTest, FrozenItGivesTheSameBitsAndTrainingThawsIt) {
  const auto model =
      make_model({CnnOptions{.channels = {8, 16}, .hidden = {8}}, 5});
  model->train(false);
  const torch::NoGradGuard no_grad;
  const torch::Tensor images = random_images(3);
  const torch::Tensor before = model->forward(images);
  model->freeze();
  EXPECT_TRUE(model->forward(images).equal(before));
  model->train(true);
  for (auto& [name, weight] : model->parameters()) weight.mul_(2);
  model->train(false);
  const torch::Tensor after = model->forward(images);
  EXPECT_FALSE(after.equal(before));
  model->freeze();
  EXPECT_TRUE(model->forward(images).equal(after));
}

TEST(CnnTest, WeightsAndGradientsLieInPlainOrder) {
  const auto model = make_model({CnnOptions{}});
  model->forward_backward(
      random_images(4), torch::tensor({0, 1, 2, 3}, torch::kInt64), {}
  );
  for (const auto& [name, tensor] : state_dict(*model))
    EXPECT_TRUE(tensor.is_contiguous()) << name;
  for (const torch::Tensor& gradient : model->gradients())
    EXPECT_TRUE(gradient.is_contiguous());
}

class NetworkTest : public ::testing::TestWithParam<NetworkOptions> {};

TEST_P(NetworkTest, LogitsOfAPictureDoNotDependOnItsBatch) {
  torch::manual_seed(0);
  const auto model = make_model({GetParam(), 10, 0.13, 0.31});
  model->train(false);
  const torch::NoGradGuard no_grad;
  const torch::Tensor images = random_images(5);
  const torch::Tensor together = model->forward(images);
  for (int64_t i = 0; i < 5; ++i)
    EXPECT_TRUE(model->forward(images.narrow(0, i, 1))
                    .allclose(together.narrow(0, i, 1), 1e-5, 1e-6));
}

TEST_P(NetworkTest, ConstantPictureOfTheMeanIsSeenAsZeros) {
  torch::manual_seed(0);
  const auto shifted = make_model({GetParam(), 10, 0.5, 0.25});
  torch::manual_seed(0);
  const auto plain = make_model({GetParam(), 10, 0, 1});
  shifted->train(false);
  plain->train(false);
  EXPECT_TRUE(shifted->forward(torch::full({2, 1, 28, 28}, 0.5))
                  .equal(plain->forward(torch::zeros({2, 1, 28, 28}))));
}

TEST_P(NetworkTest, TheSameSeedMakesTheSameNetwork) {
  torch::manual_seed(3);
  const NamedTensors first = state_dict(*make_model({GetParam()}));
  torch::manual_seed(3);
  const NamedTensors second = state_dict(*make_model({GetParam()}));
  for (size_t i = 0; i < first.size(); ++i)
    EXPECT_TRUE(first[i].second.equal(second[i].second)) << first[i].first;
}

TEST_P(NetworkTest, ThirtyStepsDownTheGradientLearnThePictures) {
  torch::manual_seed(0);
  const auto model = make_model({GetParam(), 10, 0.5, 0.29});
  model->train(false);  // without dropout the descent is smooth
  const torch::Tensor images = random_images(10);
  const torch::Tensor labels = torch::arange(10, torch::kInt64);
  const double before =
      model->forward_backward(images, labels, {}).loss.item<double>();
  for (int step = 0; step < 30; ++step) {
    model->forward_backward(images, labels, {});
    const torch::NoGradGuard no_grad;
    const auto gradients = model->gradients();
    const NamedTensors parameters = model->parameters();
    for (size_t i = 0; i < gradients.size(); ++i)
      torch::Tensor(parameters[i].second).sub_(0.05 * gradients[i]);
  }
  const BatchResult after = model->forward_backward(images, labels, {});
  EXPECT_LT(after.loss.item<double>(), before / 2);
  EXPECT_TRUE(after.logits.argmax(1).equal(labels));
}

TEST_P(NetworkTest, LearnsPicturesOfAnySizeInColour) {
  torch::manual_seed(0);
  const InputFormat input{"plain", 3, 30, 41};
  const auto model = make_model({GetParam(), 10, 0.5, 0.29, input});
  EXPECT_EQ(model->input(), input);
  model->train(false);
  const torch::Tensor images = torch::rand(input.sizes(10));
  const torch::Tensor labels = torch::arange(10, torch::kInt64);
  const double before =
      model->forward_backward(images, labels, {}).loss.item<double>();
  for (int step = 0; step < 60; ++step) {
    model->forward_backward(images, labels, {});
    const torch::NoGradGuard no_grad;
    const auto gradients = model->gradients();
    const NamedTensors parameters = model->parameters();
    for (size_t i = 0; i < gradients.size(); ++i)
      torch::Tensor(parameters[i].second).sub_(0.02 * gradients[i]);
  }
  const BatchResult after = model->forward_backward(images, labels, {});
  EXPECT_LT(after.loss.item<double>(), before / 2);
}

TEST_P(NetworkTest, TapSeesEveryLayerAndChangesRoundingAtMost) {
  torch::manual_seed(0);
  const auto model = make_model({GetParam()});
  model->train(false);
  const torch::NoGradGuard no_grad;
  const torch::Tensor images = random_images(2);
  std::vector<std::string> seen;
  torch::Tensor last;
  const torch::Tensor logits = model->forward(
      images,
      [&](const std::string& layer, const torch::Tensor& output) {
        EXPECT_EQ(output.size(0), 2);
        seen.push_back(layer);
        last = output;
      }
  );
  EXPECT_EQ(seen.back(), "logits");
  EXPECT_TRUE(last.equal(logits));
  // Layers computed in one pass are taken apart for the tap.
  EXPECT_TRUE(model->forward(images).allclose(logits, 1e-5, 1e-6));
}

TEST(CnnTest, TapNamesLayersInOrder) {
  const auto model = make_model({CnnOptions{
      .crop = 1,
      .channels = {4, 6},
      .kernel = {3},
      .pool = {1, 2},
      .hidden = {8}}});
  std::vector<std::string> seen;
  model->forward(
      random_images(1),
      [&](const std::string& layer, const torch::Tensor& output) {
        seen.push_back(layer + " " + std::to_string(output.size(1)));
      }
  );
  const std::vector<std::string> expected = {
      "crop 1", "conv 1 4", "conv 2 6", "pool 2 6", "hidden 1 8", "logits 10"};
  EXPECT_EQ(seen, expected);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds,
    NetworkTest,
    ::testing::Values(
        MlpOptions{},
        MlpOptions{.hidden = {32}, .activation = "tanh", .batch_norm = true},
        MlpOptions{.hidden = {}},
        ScratchOptions{},
        ScratchOptions{.hidden = {32}, .activation = "tanh"},
        CnnOptions{.channels = {32, 64}, .batch_norm = true},
        CnnOptions{.channels = {8}, .padding = "valid"},
        CnnOptions{.crop = 2, .channels = {8}}
    )
);

/// Options and the beginning of what make_model says of them.
using Refused = std::pair<NetworkOptions, const char*>;

class RefusedNetworkTest : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedNetworkTest, NamesTheOption) {
  const std::string text = refusal([] { make_model({GetParam().first}); });
  EXPECT_TRUE(text.starts_with(GetParam().second)) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Options,
    RefusedNetworkTest,
    ::testing::Values(
        Refused{MlpOptions{.hidden = {0}}, "hidden: found '0'"},
        Refused{ScratchOptions{.hidden = {0}}, "hidden: found '0'"},
        Refused{
            ScratchOptions{.hidden = {65536, 65536}},
            "hidden: found a network of 4347133962 weights"},
        Refused{MlpOptions{.hidden = {-5}}, "hidden: found '-5'"},
        Refused{
            MlpOptions{.hidden = std::vector<int64_t>(65, 1)},
            "hidden: found 65 layers; expected at most 64"},
        Refused{
            MlpOptions{.hidden = {65536, 65536}},
            "hidden: found a network of 4347133962 weights"},
        Refused{MlpOptions{.activation = "gelu"}, "activation: found 'gelu'"},
        Refused{MlpOptions{.initialisation = ""}, "initialisation: found ''"},
        Refused{MlpOptions{.dropout = 1}, "dropout: found '1.0'"},
        Refused{MlpOptions{.dropout = NAN}, "dropout: found 'null'"},
        Refused{CnnOptions{.crop = -1}, "crop: found '-1'"},
        Refused{
            CnnOptions{.crop = 14},
            "crop: found 14; expected at most 13 for pictures of 28x28"},
        Refused{
            CnnOptions{.crop = 4, .kernel = {21}},
            "kernel: found 21 at layer 1; expected at most the 20 pixels of a "
            "picture's side inside the crop"},
        Refused{
            CnnOptions{.channels = {32, 64}, .kernel = {3, 3, 3}},
            "kernel: found 3 sizes; expected 1, or 2, one for each of the "
            "channels"},
        Refused{CnnOptions{.kernel = {}}, "kernel: found 0 sizes"},
        Refused{
            CnnOptions{.channels = {1, 1, 1}, .pool = {2, 2}},
            "pool: found 2 sizes"},
        Refused{
            CnnOptions{.kernel = {29}},
            "kernel: found 29 at layer 1; expected at most the 28 pixels"},
        Refused{
            CnnOptions{.channels = {32, 64}, .kernel = {3, 4}},
            "kernel: found 4 at layer 2; expected an odd side where padding is "
            "same"},
        Refused{CnnOptions{.pool = {0}}, "pool: found '0'"},
        Refused{CnnOptions{.padding = "full"}, "padding: found 'full'"},
        Refused{
            CnnOptions{.channels = {1, 1, 1, 1, 1}},
            "pool: found 2 at layer 5; expected at most the 1 pixels"},
        Refused{
            CnnOptions{.kernel = {20}, .padding = "valid"},
            "kernel: found 20 at layer 2; expected at most the 4 pixels"},
        Refused{CnnOptions{.channels = {4097}}, "channels: found '4097'"},
        Refused{
            CnnOptions{.channels = {4096, 4096}},
            "channels: found a network of"},
        Refused{
            CnnOptions{.channels = {512}, .pool = {1}},
            "hidden: found a network of"}
    )
);

}  // namespace
}  // namespace digitorch
