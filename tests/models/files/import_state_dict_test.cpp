#include "models/files/import_state_dict.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/files/export_state_dict.h"
#include "models/files/safetensors.h"
#include "tests/support/samples.h"

namespace digitorch {
namespace {

/// The weights as Python saves them: without metadata.
std::string saved(const NamedTensors& weights) {
  return encode(SafeTensors{.tensors = weights});
}

Checkpoint imported(
    const std::string& bytes, const std::string& kind = "", ModelSpec spec = {}
) {
  const StateDict file = decode_state_dict(bytes, kind, "w");
  spec.network = file.network;
  spec.classes = file.classes;
  return checkpoint_from(
      spec,
      std::vector<std::string>(static_cast<size_t>(file.classes), "x"),
      file.weights,
      "w"
  );
}

torch::Tensor logits(const Checkpoint& checkpoint) {
  const torch::NoGradGuard no_grad;
  return restore(checkpoint, "w")->forward(testing::random_images(5));
}

TEST(ImportStateDictTest, SizesComeFromTheWeights) {
  const ModelSpec specs[] = {
      {.network = CnnOptions{}},
      {.network =
           CnnOptions{
               .channels = {3, 4, 5},
               .kernel = {3, 5, 1},
               .hidden = {6, 7},
               .batch_norm = true},
       .classes = 3},
      {.network = CnnOptions{.channels = {5}, .hidden = {}}, .classes = 4},
      {.network = MlpOptions{.hidden = {9, 8, 7}, .batch_norm = true}},
      {.network = MlpOptions{.hidden = {}}, .classes = 2}};
  for (const ModelSpec& spec : specs) {
    const Checkpoint original = testing::checkpoint_of(spec);
    const Checkpoint found = imported(saved(original.weights));
    EXPECT_TRUE(logits(found).equal(logits(original))) << summary(spec);
    // What the command line shows of it is the same, but for dropout.
    EXPECT_EQ(kind_of(found.spec.network), kind_of(spec.network));
  }
}

TEST(ImportStateDictTest, AnExportComesBackWithAllThatItsMetadataSay) {
  for (ModelSpec spec : {testing::tiny_cnn(), testing::tiny_mlp()}) {
    Checkpoint original = testing::checkpoint_of(spec);
    original.class_names = {"a", "b", "c"};
    const StateDict file =
        decode_state_dict(export_state_dict(original, ""), "", "w");
    EXPECT_EQ(file.class_names, original.class_names);
    const ModelSpec found{file.network, file.classes, file.mean, file.std_dev};
    EXPECT_EQ(to_json(found), to_json(spec));
  }
}

TEST(ImportStateDictTest, OtherPrecisionsAndMissingCountersAreTaken) {
  const Checkpoint original = testing::checkpoint_of(testing::tiny_cnn());
  NamedTensors weights;
  for (const auto& [name, tensor] : original.weights)
    if (!name.ends_with("num_batches_tracked"))
      weights.emplace_back(name, tensor.to(torch::kFloat64));
  // The network has pooling that no shape shows.
  StateDict file = decode_state_dict(saved(weights), "", "w");
  std::get<CnnOptions>(file.network).pool = {2, 7};
  ModelSpec spec = original.spec;
  spec.network = file.network;
  const Checkpoint found =
      checkpoint_from(spec, original.class_names, file.weights, "w");
  EXPECT_TRUE(logits(found).equal(logits(original)));
}

class Mismatch : public ::testing::Test {
 protected:
  NamedTensors weights_ =
      testing::checkpoint_of({MlpOptions{.hidden = {4}}}).weights;

  torch::Tensor& at(const std::string& name) {
    return std::find_if(
               weights_.begin(),
               weights_.end(),
               [&](const auto& each) { return each.first == name; }
    )->second;
  }

  std::string refusal() const {
    return testing::refusal([&] { imported(saved(weights_)); });
  }
};

TEST_F(Mismatch, NothingIsRefusedBeforeAnythingIsWrong) {
  EXPECT_EQ(refusal(), "");
}

TEST_F(Mismatch, WeightThatIsMissing) {
  weights_.erase(weights_.begin() + 1);
  EXPECT_EQ(
      refusal(), "w: found no weight 'hidden.0.bias'; expected Float [4]"
  );
}

TEST_F(Mismatch, WeightOfNoLayer) {
  weights_.emplace_back("fc3.weight", torch::zeros({2, 2}));
  EXPECT_EQ(
      refusal(), "w: found the weight 'fc3.weight'; expected none of that name"
  );
}

TEST_F(Mismatch, NamesOfAnotherScheme) {
  for (auto& [name, tensor] : weights_) name = "net." + name;
  const std::string message = refusal();
  EXPECT_NE(message.find("'output.weight'"), std::string::npos) << message;
  EXPECT_NE(message.find("net.hidden.0.weight"), std::string::npos) << message;
}

TEST_F(Mismatch, ShapeOfAWeight) {
  at("hidden.0.weight") = torch::zeros({4, 100});
  EXPECT_EQ(
      refusal(),
      "w: found Float [4, 100] for 'hidden.0.weight'; expected Float [4, 784]"
  );
}

TEST_F(Mismatch, TypeOfAWeight) {
  at("output.bias") = torch::zeros({10}, torch::kInt64);
  EXPECT_EQ(
      refusal(), "w: found Long [10] for 'output.bias'; expected Float [10]"
  );
}

TEST_F(Mismatch, NumberThatIsNotFinite) {
  at("output.bias")[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(
      refusal(),
      "w: found a weight of 'output.bias' that is not finite; expected a number"
  );
}

TEST_F(Mismatch, PoolingThatLeavesAnotherPicture) {
  weights_ = testing::checkpoint_of(
                 {CnnOptions{.channels = {2}, .pool = {4}, .hidden = {3}}}
  ).weights;
  const std::string message = refusal();
  EXPECT_EQ(
      message,
      "w: found 98 inputs of 'hidden.0.weight'; expected 392, as --padding and "
      "--pool leave of 28x28 pixels of ink"
  );
}

TEST(ImportStateDictTest, BytesThatAreNoSafetensorsAreRefused) {
  EXPECT_NE(testing::refusal([] { decode_state_dict("pickle", "", "w"); }), "");
  EXPECT_NE(
      testing::refusal([] {
        decode_state_dict(
            saved({{"a", torch::zeros({1})}}), "transformer", "w"
        );
      }).find("transformer"),
      std::string::npos
  );
}

}  // namespace
}  // namespace digitorch
