#include <gtest/gtest.h>
#include <torch/script.h>

#include <sstream>

#include "models/files/export_format.h"
#include "models/files/export_state_dict.h"
#include "models/files/export_torchscript.h"
#include "models/files/input_contract.h"
#include "models/files/safetensors.h"
#include "tests/support/samples.h"

namespace digitorch {
// For the names of tests, which would hold the bytes of the spec otherwise.
void PrintTo(const ModelSpec& spec, std::ostream* out) {
  *out << summary(spec);
}

namespace {

class ExportTest : public ::testing::TestWithParam<ModelSpec> {
 protected:
  Checkpoint checkpoint_ = testing::checkpoint_of(GetParam());
  std::unique_ptr<Classifier> original_ = restore(checkpoint_, "file");

  /// Between the checkpoint in this format and `other`, on random pictures.
  LogitDifference difference(
      const char* format, Classifier& other, int64_t count
  ) const {
    const ExportFormat& row = export_format_named(format);
    return difference_from(
        other,
        row,
        row.make(checkpoint_, "digest"),
        torch::rand(GetParam().input.sizes(count))
    );
  }
};

TEST_P(ExportTest, TorchScriptAnswersAsTheCheckpointForAnyBatchSize) {
  for (const int64_t count : {1, 7, 64})
    EXPECT_LE(difference("torchscript", *original_, count).absolute, 1e-6)
        << count;
}

TEST_P(ExportTest, StateDictAnswersAsTheCheckpoint) {
  for (const int64_t count : {1, 7, 64})
    EXPECT_LE(difference("safetensors", *original_, count).absolute, 1e-6)
        << count;
}

TEST_P(ExportTest, EveryFormatOfTheTableAnswersAsTheCheckpoint) {
  ASSERT_FALSE(export_formats().empty());
  for (const ExportFormat& format : export_formats()) {
    EXPECT_EQ(&export_format_named(format.name), &format);
    EXPECT_EQ(format.ending.front(), '.') << format.name;
    EXPECT_LE(difference(format.name.c_str(), *original_, 7).relative, 1e-6)
        << format.name;
  }
  EXPECT_THROW(export_format_named("pickle"), std::logic_error);
}

TEST_P(ExportTest, AnotherNetworksAnswersDiffer) {
  // Otherwise the comparisons above would prove nothing.
  const auto other = make_model(GetParam());
  other->train(false);
  for (const char* format : {"onnx", "torchscript", "safetensors"})
    EXPECT_GT(difference(format, *other, 7).absolute, 1e-3) << format;
}

TEST_P(ExportTest, TorchScriptRefusesPicturesOfAnotherShape) {
  std::istringstream file(export_torchscript(checkpoint_, ""));
  torch::jit::Module module = torch::jit::load(file);
  for (const std::vector<int64_t>& shape : std::vector<std::vector<int64_t>>{
           {2, 3, 28, 28},
           {49, 1, 32, 32},
           {1, 1, 56, 56},
           {1, 28, 28},
           {2, 784},
           {3, 1, 14, 56}}) {
    EXPECT_THROW(module.forward({torch::rand(shape)}), std::exception) << shape;
  }
  EXPECT_NO_THROW(module.forward({torch::rand(GetParam().input.sizes(0))}));
}

TEST_P(ExportTest, TorchScriptKeepsNamesAndDescribesItself) {
  std::istringstream file(export_torchscript(checkpoint_, "0123abcd"));
  torch::jit::ExtraFilesMap extra{
      {"class_names.json", ""}, {"input.json", ""}, {"model.json", ""}};
  const auto module = torch::jit::load(file, torch::kCPU, extra);
  std::map<std::string, torch::Tensor> expected(
      checkpoint_.weights.begin(), checkpoint_.weights.end()
  );
  for (const auto& item : module.named_parameters()) {
    EXPECT_TRUE(item.value.equal(expected.at(item.name))) << item.name;
    EXPECT_FALSE(item.value.requires_grad()) << item.name;
    expected.erase(item.name);
  }
  for (const auto& item : module.named_buffers()) {
    EXPECT_TRUE(item.value.equal(expected.at(item.name))) << item.name;
    expected.erase(item.name);
  }
  EXPECT_TRUE(expected.empty());
  EXPECT_FALSE(module.is_training());

  const auto model = nlohmann::json::parse(extra["model.json"]);
  EXPECT_EQ(model["checkpoint_sha256"], "0123abcd");
  EXPECT_EQ(model["spec"], to_json(checkpoint_.spec));
  EXPECT_EQ(model["metrics"], checkpoint_.metrics);
  const auto input = nlohmann::json::parse(extra["input.json"]);
  const InputFormat& format = GetParam().input;
  EXPECT_EQ(
      input["shape"],
      nlohmann::json({"N", format.channels, format.height, format.width})
  );
  EXPECT_EQ(format_of_contract({input, "input.json"}), format);
  EXPECT_EQ(input["normalisation"]["mean"], checkpoint_.spec.mean);
  EXPECT_EQ(
      nlohmann::json::parse(extra["class_names.json"]),
      nlohmann::json(checkpoint_.class_names)
  );
}

TEST_P(ExportTest, StateDictHoldsTheWeightsAndNothingElse) {
  const SafeTensors file =
      decode_safetensors(export_state_dict(checkpoint_, "0123abcd"), "file");
  ASSERT_EQ(file.tensors.size(), checkpoint_.weights.size());
  for (size_t i = 0; i < file.tensors.size(); ++i) {
    EXPECT_EQ(file.tensors[i].first, checkpoint_.weights[i].first);
    EXPECT_TRUE(file.tensors[i].second.equal(checkpoint_.weights[i].second));
  }
  EXPECT_EQ(file.metadata.at("checkpoint_sha256"), "0123abcd");
  EXPECT_EQ(
      nlohmann::json::parse(file.metadata.at("spec")), to_json(checkpoint_.spec)
  );
}

INSTANTIATE_TEST_SUITE_P(
    Kinds,
    ExportTest,
    ::testing::Values(
        testing::tiny_cnn(),
        testing::tiny_mlp(),
        ModelSpec{CnnOptions{}},
        ModelSpec{CnnOptions{
            .channels = {4},
            .kernel = {4},
            .pool = {1},
            .padding = "valid",
            .hidden = {},
            .batch_norm = false}},
        ModelSpec{ScratchOptions{.hidden = {9, 7}, .activation = "tanh"}},
        ModelSpec{MlpOptions{}},
        ModelSpec{MlpOptions{.hidden = {}}},
        ModelSpec{
            .network = CnnOptions{.channels = {8, 5}, .hidden = {6}},
            .classes = 3,
            .input = {"plain", 3, 20, 31}}
    )
);

TEST(ExportedNamesTest, ClassNamesThatAreNotUtf8DoNotStopTheExport) {
  Checkpoint checkpoint = testing::checkpoint_of(testing::tiny_mlp());
  checkpoint.class_names[1] = "\xff";
  const std::string bytes = export_state_dict(checkpoint, "");
  EXPECT_EQ(
      nlohmann::json::parse(
          decode_safetensors(bytes, "file").metadata.at("class_names")
      ),
      nlohmann::json({"0", "\\xff", "2"})
  );
  EXPECT_FALSE(export_torchscript(checkpoint, "").empty());
}

}  // namespace
}  // namespace digitorch
