#include "models/files/checkpoint.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>

#include "models/files/safetensors.h"
#include "models/files/sha256.h"
#include "models/shipped/shipped.h"
#include "tests/support/samples.h"

namespace digitorch {
namespace {

using testing::checkpoint_of;
using testing::refusal;

std::string refusal_of(const std::string& bytes) {
  return refusal([&] { decode_checkpoint(bytes, "file"); });
}

void expect_equal(const NamedTensors& found, const NamedTensors& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].first, expected[i].first);
    EXPECT_TRUE(found[i].second.equal(expected[i].second)) << found[i].first;
  }
}

/// With a trainer's state and class names of all sorts.
Checkpoint full_checkpoint() {
  Checkpoint checkpoint = checkpoint_of(testing::tiny_cnn());
  checkpoint.class_names = {"null\0byte", "ü <b>\"\n", "\xff\xfe not UTF-8"};
  checkpoint.class_names[0] = std::string("null\0byte", 9);
  checkpoint.training_tensors = {
      {"adam.0.m", torch::rand({2, 1, 3, 3})},
      {"generator", torch::arange(16).to(torch::kUInt8)}};
  checkpoint.training_state = {{"epoch", 3}, {"lr", 0.1 + 0.2}};
  return checkpoint;
}

TEST(CheckpointTest, RoundTripKeepsEverything) {
  const Checkpoint given = full_checkpoint();
  const Checkpoint read = decode_checkpoint(encode(given), "file");
  EXPECT_EQ(to_json(read.spec), to_json(given.spec));
  EXPECT_EQ(read.class_names, given.class_names);
  EXPECT_EQ(read.metrics, given.metrics);
  EXPECT_EQ(read.training_state, given.training_state);
  expect_equal(read.weights, given.weights);
  expect_equal(read.training_tensors, given.training_tensors);
}

TEST(CheckpointTest, ReadAndWrittenAgainItHasTheSameBytes) {
  const std::string bytes = encode(full_checkpoint());
  EXPECT_EQ(encode(decode_checkpoint(bytes, "file")), bytes);
}

TEST(CheckpointTest, WithoutTrainingStateItIsNull) {
  const Checkpoint read =
      decode_checkpoint(encode(checkpoint_of(testing::tiny_mlp())), "file");
  EXPECT_TRUE(read.training_state.is_null());
  EXPECT_TRUE(read.training_tensors.empty());
}

TEST(CheckpointTest, JsonTextThatIsNotUtf8IsWrittenWithItsBytesEscaped) {
  Checkpoint checkpoint = checkpoint_of(testing::tiny_mlp());
  checkpoint.training_state = {{"data", "caf\xe9"}};
  const Checkpoint read = decode_checkpoint(encode(checkpoint), "file");
  EXPECT_EQ(read.training_state["data"], "caf\\xe9");
}

TEST(CheckpointTest, LastBytesAreTheDigestOfAllBefore) {
  const std::string bytes = encode(full_checkpoint());
  const size_t content = bytes.size() - kSha256Size;
  EXPECT_EQ(bytes.substr(content), sha256(bytes.substr(0, content)));
}

TEST(CheckpointTest, RestoredModelGivesTheSameLogits) {
  const ModelSpec spec = testing::tiny_cnn();
  const auto model = make_model(spec);
  Checkpoint checkpoint;
  checkpoint.spec = spec;
  checkpoint.class_names = {"a", "b", "c"};
  checkpoint.weights = state_dict(*model);
  model->train(false);
  const auto restored =
      restore(decode_checkpoint(encode(checkpoint), "file"), "file");
  const torch::Tensor images = testing::random_images(4);
  EXPECT_TRUE(restored->forward(images).equal(model->forward(images)));
}

TEST(CheckpointTest, WeightsThatAreNotFiniteAreNotWritten) {
  for (const float bad : {NAN, INFINITY, -INFINITY}) {
    Checkpoint checkpoint = checkpoint_of(testing::tiny_mlp());
    checkpoint.weights[2].second[0] = bad;
    EXPECT_EQ(
        refusal([&] { encode(checkpoint); }),
        "checkpoint: found a weight of 'hidden.1.weight' that is not finite; "
        "expected a number"
    );
  }
}

TEST(CheckpointTest, WeightsOfAnotherNetworkAreRefusedAtRestore) {
  Checkpoint checkpoint = checkpoint_of(testing::tiny_mlp());
  std::get<MlpOptions>(checkpoint.spec.network).hidden = {6, 4};
  EXPECT_EQ(
      refusal([&] { restore(checkpoint, "file"); }),
      "file: found Float [5, 784] for 'hidden.0.weight'; expected Float [6, "
      "784]"
  );
}

TEST(CheckpointTest, SpecThatMakesNoNetworkIsRefusedAtRestore) {
  Checkpoint checkpoint = checkpoint_of(testing::tiny_cnn());
  std::get<CnnOptions>(checkpoint.spec.network).pool = {28};
  EXPECT_EQ(
      refusal([&] { restore(checkpoint, "file"); }),
      "file: spec: pool: found 28 at layer 2; expected at most the 1 pixels "
      "that are left"
  );
}

/// At most 8 KiB, so that every change of it can be tried.
std::string small_file() {
  const std::string bytes = encode(full_checkpoint());
  EXPECT_LE(bytes.size(), 8192);
  return bytes;
}

TEST(DamagedCheckpointTest, EveryFlippedBitIsRefused) {
  std::string bytes = small_file();
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<char>(1 << bit % 8);
    ASSERT_FALSE(refusal_of(bytes).empty()) << "bit " << bit;
    bytes[bit / 8] ^= static_cast<char>(1 << bit % 8);
  }
  EXPECT_EQ(refusal_of(bytes), "");
}

TEST(DamagedCheckpointTest, EveryTruncationIsRefused) {
  const std::string bytes = small_file();
  for (size_t size = 0; size < bytes.size(); ++size)
    ASSERT_FALSE(refusal_of(bytes.substr(0, size)).empty()) << size;
}

TEST(DamagedCheckpointTest, AppendedAndZeroFilledBytesAreRefused) {
  const std::string bytes = small_file();
  EXPECT_FALSE(refusal_of(bytes + '\0').empty());
  EXPECT_FALSE(refusal_of(bytes + bytes).empty());
  EXPECT_FALSE(refusal_of(std::string(bytes.size(), '\0')).empty());
}

TEST(DamagedCheckpointTest, MessageSaysWhatTheFileIs) {
  EXPECT_EQ(
      refusal_of(""), "file: found no bytes; expected a digitorch checkpoint"
  );
  EXPECT_EQ(
      refusal_of("PK\x03\x04 and so on"),
      "file: found a ZIP archive, as TorchScript and torch.save make; expected "
      "a digitorch checkpoint"
  );
  EXPECT_EQ(
      refusal_of("GIF89a"),
      "file: found bytes that do not match their SHA-256 (damaged, cut or "
      "another kind of file); expected a digitorch checkpoint"
  );
}

using Json = nlohmann::json;

/// A good checkpoint whose header `change` has altered and whose digest is
/// right again: what a hostile hand, not a bad disk, makes.
std::string forged(const std::function<void(Json&)>& change) {
  const std::string bytes = encode(full_checkpoint());
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  Json header = Json::parse(bytes.substr(8, length));
  change(header);
  const std::string text = header.dump();
  length = text.size();
  std::string made(8, '\0');
  std::memcpy(made.data(), &length, 8);
  const size_t data =
      bytes.size() - header["sha256"]["data_offsets"][1].get<size_t>();
  made += text + bytes.substr(data, bytes.size() - data - kSha256Size);
  return made + sha256(made);
}

/// A copy of the bytes with their digest made right.
std::string sealed(std::string bytes) {
  bytes.resize(bytes.size() - kSha256Size);
  return bytes + sha256(bytes);
}

struct Forgery {
  std::function<void(Json&)> change;
  std::string message;
};

class ForgedCheckpointTest : public ::testing::TestWithParam<Forgery> {};

TEST_P(ForgedCheckpointTest, IsRefusedInOneLineNamingTheFile) {
  const std::string text = refusal_of(forged(GetParam().change));
  EXPECT_TRUE(text.starts_with("file: " + GetParam().message)) << text;
  EXPECT_EQ(text.find('\n'), std::string::npos) << text;
}

/// Sets a metadata text.
auto metadata(const std::string& key, const std::string& text) {
  return [=](Json& header) { header["__metadata__"][key] = text; };
}

auto without_metadata(const std::string& key) {
  return [=](Json& header) { header["__metadata__"].erase(key); };
}

INSTANTIATE_TEST_SUITE_P(
    Headers,
    ForgedCheckpointTest,
    ::testing::Values(
        Forgery{without_metadata("format"), "found no metadata 'format'"},
        Forgery{without_metadata("version"), "found no metadata 'version'"},
        Forgery{without_metadata("spec"), "found no metadata 'spec'"},
        Forgery{without_metadata("metrics"), "found no metadata 'metrics'"},
        Forgery{
            without_metadata("class_names"), "found no metadata 'class_names'"},
        Forgery{metadata("format", "pt"), "found another format"},
        Forgery{
            metadata("version", "9"),
            "found a checkpoint made by format v9; expected at most v1"},
        Forgery{metadata("version", "0"), "found the format version '0'"},
        Forgery{metadata("version", "-1"), "found the format version '-1'"},
        Forgery{metadata("version", "1x"), "found the format version '1x'"},
        Forgery{
            metadata("version", "99999999999"),
            "found the format version '99999999999'"},
        Forgery{metadata("spec", ""), "spec: found no valid JSON"},
        Forgery{metadata("spec", "{}"), "spec: found no key"},
        Forgery{
            metadata("spec", std::string(40, '[')),
            "spec: found JSON nested over 32 levels deep"},
        Forgery{
            metadata("spec", R"({"kind":1,"kind":2})"),
            "spec: found the key \"kind\" twice"},
        Forgery{
            metadata("class_names", "3"),
            "class_names: found 3; expected a list of 3 names"},
        Forgery{
            metadata("class_names", R"(["a","b"])"),
            "class_names: found a list of 2 values; expected a list of 3 "
            "names"},
        Forgery{
            metadata("class_names", R"(["a","b",null])"),
            "class_names[2]: found null; expected a text"},
        Forgery{
            metadata("class_names", R"(["a","b",[256]])"),
            "class_names[2][0]: found 256; expected a whole number from 0"},
        Forgery{
            metadata("metrics", "3"), "metrics: found 3; expected an object"},
        Forgery{
            metadata("training_state", "[]"),
            "training_state: found a list of 0 values; expected an object"},
        Forgery{metadata("metrics", "{"), "metrics: found no valid JSON"},
        Forgery{
            metadata("training_state", "nan"),
            "training_state: found no valid JSON"},
        Forgery{
            [](Json& header) { header["__metadata__"]["spec"] = 3; },
            "__metadata__: found something else; expected an object of texts"},
        Forgery{
            [](Json& header) { header["sha256"]["shape"] = {31}; },
            "tensor 'sha256': found data_offsets that do not fit"},
        Forgery{
            [](Json& header) {  // half of the digest passes for a weight
              const auto end =
                  header["sha256"]["data_offsets"][1].get<uint64_t>();
              header["half"] = header["sha256"];
              for (const char* name : {"half", "sha256"})
                header[name]["shape"] = {16};
              header["half"]["data_offsets"] = {end - 32, end - 16};
              header["sha256"]["data_offsets"] = {end - 16, end};
            },
            "found no tensor 'sha256' of 32 bytes at the end; expected it"},
        Forgery{
            [](Json& header) { header["output.bias"]["dtype"] = "F64"; },
            "tensor 'output.bias': found data_offsets that do not fit"},
        Forgery{
            [](Json& header) {
              header["output.bias"]["shape"] = {
                  4294967296, 4294967296, 4294967296};
            },
            "tensor 'output.bias': found data_offsets that do not fit"},
        Forgery{
            [](Json& header) {
              header["output.bias"]["data_offsets"] =
                  header["norm.0.bias"]["data_offsets"];
            },
            "tensor 'output.bias': found data_offsets that do not fit"},
        Forgery{
            [](Json& header) {
              header["norm.1.bias"]["data_offsets"] =
                  header["norm.1.weight"]["data_offsets"];
            },
            "tensor 'norm.1.weight': found its data at byte"}
    )
);

TEST(ForgedBytesTest, UnchangedHeaderIsReadSoTheForgeryIsTheFault) {
  EXPECT_EQ(refusal_of(forged([](Json&) {})), "");
}

/// Any exception but std::runtime_error would end the test.
TEST(ForgedBytesTest, BitFlippedInEachHeaderByteIsRefusedOrGivesANetwork) {
  std::string bytes = small_file();
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  const torch::Tensor image = testing::random_images(1);
  int64_t refused = 0;
  int64_t taken = 0;
  for (size_t i = 0; i < 8 + length; ++i) {
    bytes[i] ^= static_cast<char>(1 << i % 8);
    const std::string text = refusal([&] {
      const Checkpoint read = decode_checkpoint(sealed(bytes), "file");
      restore(read, "file")->forward(image);
    });
    ++(text.empty() ? taken : refused);
    EXPECT_TRUE(text.empty() || text.starts_with("file: ")) << text;
    bytes[i] ^= static_cast<char>(1 << i % 8);
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(taken, 0);  // such as another class name
}

TEST(ForgedBytesTest, HeaderLengthBeyondTheFileIsRefused) {
  for (const uint64_t length :
       {uint64_t{1} << 63, UINT64_MAX, UINT64_MAX - 7, uint64_t{1} << 32}) {
    std::string bytes = encode(full_checkpoint());
    std::memcpy(bytes.data(), &length, 8);
    const std::string text = refusal_of(sealed(bytes));
    EXPECT_TRUE(text.starts_with(
        "file: found a header of " + std::to_string(length) + " bytes"
    )) << text;
  }
}

TEST(ForgedBytesTest, WeightsThatAreNotFiniteAreRefused) {
  for (const float bad : {NAN, INFINITY}) {
    SafeTensors file = decode_safetensors(encode(full_checkpoint()), "file");
    file.tensors[0].second.view(-1)[0] = bad;
    EXPECT_EQ(
        refusal_of(sealed(encode(file))),
        "file: found a weight of 'conv.0.weight' that is not finite; expected "
        "a number"
    );
  }
}

TEST(ForgedBytesTest, OtherSafetensorsFilesAreRefused) {
  const SafeTensors plain{{{"a", torch::ones({40}, torch::kUInt8)}}};
  EXPECT_EQ(
      refusal_of(sealed(encode(plain))),
      "file: found no metadata 'format'; expected it"
  );
  SafeTensors no_digest = decode_safetensors(encode(full_checkpoint()), "file");
  no_digest.tensors.back().first = "another";
  EXPECT_EQ(
      refusal_of(sealed(encode(no_digest))),
      "file: found no tensor 'sha256' of 32 bytes at the end; expected it"
  );
}

std::string golden(const std::string& name) {
  std::ifstream file(std::string(GOLDEN_FOLDER) + "/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Checkpoints written by format v1, with the logits of then. In the mlp every
/// weight and product is a small multiple of a power of two, so that its
/// logits are exact in whatever order a machine adds them up.
TEST(GoldenCheckpointTest, MlpOfFormatV1GivesExactlyTheLogitsOfThen) {
  const auto model = restore(
      decode_checkpoint(golden("v1_mlp.safetensors"), "v1_mlp"), "v1_mlp"
  );
  const NamedTensors then =
      decode_safetensors(golden("v1_mlp_logits.safetensors"), "logits").tensors;
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(model->forward(then[0].second).equal(then[1].second));
}

TEST(GoldenCheckpointTest, CnnOfFormatV1GivesTheLogitsOfThen) {
  const Checkpoint checkpoint =
      decode_checkpoint(golden("v1_cnn.safetensors"), "v1_cnn");
  const auto model = restore(checkpoint, "v1_cnn");
  const NamedTensors then =
      decode_safetensors(golden("v1_cnn_logits.safetensors"), "logits").tensors;
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(
      model->forward(then[0].second).allclose(then[1].second, 1e-5, 1e-6)
  );
  EXPECT_EQ(checkpoint.class_names[2], "\xff\xfe not UTF-8");
  EXPECT_EQ(checkpoint.training_state["epoch"], 3);
  EXPECT_EQ(checkpoint.training_tensors.size(), 2);
}

TEST(ShippedCheckpointTest, LoadsAndAnswers) {
  const Checkpoint checkpoint =
      decode_checkpoint(shipped_checkpoint(), "shipped");
  EXPECT_LE(shipped_checkpoint().size(), size_t{2} << 20);
  // Of its training it holds the history, not what a trainer would need.
  for (const auto& [name, tensor] : checkpoint.training_tensors)
    EXPECT_EQ(name, "steps");
  // The command that made it is on record.
  EXPECT_EQ(checkpoint.training_state["config"]["options"]["seed"], 1);
  const auto model = restore(checkpoint, "shipped");
  const torch::NoGradGuard no_grad;
  const torch::Tensor logits = model->forward(testing::random_images(2));
  EXPECT_EQ(logits.sizes(), torch::IntArrayRef({2, checkpoint.spec.classes}));
  EXPECT_TRUE(logits.isfinite().all().item<bool>());
}

}  // namespace
}  // namespace digitorch
