#include "models/files/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>

#include "models/files/sha256.h"
#include "tests/support/samples.h"

namespace digitorch {
namespace {

using testing::refusal;

/// A file of this header and these data.
std::string file_of(const std::string& header, const std::string& data) {
  const uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

TEST(Sha256Test, EqualsTheStandardsExamples) {
  EXPECT_EQ(
      to_hex(sha256("")),
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  );
  EXPECT_EQ(
      to_hex(sha256("abc")),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  );
}

TEST(Sha256Test, PartsGiveTheDigestOfTheWhole) {
  Sha256 digest;
  for (const char* part : {"a", "", "bc"}) digest.update(part);
  EXPECT_EQ(digest.finish(), sha256("abc"));
}

TEST(SafetensorsTest, RoundTripKeepsTypesShapesValuesAndOrder) {
  NamedTensors tensors;
  for (const auto type :
       {torch::kFloat64,
        torch::kFloat32,
        torch::kFloat16,
        torch::kBFloat16,
        torch::kInt64,
        torch::kInt32,
        torch::kUInt8,
        torch::kBool}) {
    const std::string name = std::string("z") + c10::toString(type);
    tensors.emplace_back(name, torch::tensor({0, 1, 1}, type));
    tensors.emplace_back("scalar." + name, torch::ones({}, type));
    tensors.emplace_back("none." + name, torch::ones({2, 0, 3}, type));
  }
  const SafeTensors read = decode_safetensors(
      encode(SafeTensors{tensors, {{"é", "\"quoted\"\n"}}}), "file"
  );
  EXPECT_EQ(read.metadata.at("é"), "\"quoted\"\n");
  ASSERT_EQ(read.tensors.size(), tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i) {
    const auto& [name, tensor] = read.tensors[i];
    // Tensors without bytes all lie at one place, so their order is free.
    if (tensor.numel() > 0) {
      EXPECT_EQ(name, tensors[i].first);
    }
    const auto given = std::ranges::find(
        tensors, name, &std::pair<std::string, torch::Tensor>::first
    );
    ASSERT_NE(given, tensors.end()) << name;
    EXPECT_EQ(tensor.scalar_type(), given->second.scalar_type()) << name;
    EXPECT_TRUE(tensor.equal(given->second)) << name;
  }
}

TEST(SafetensorsTest, StridesAreWrittenInPlainOrder) {
  const torch::Tensor tensor = torch::arange(6).reshape({2, 3}).t();
  const SafeTensors read =
      decode_safetensors(encode(SafeTensors{{{"t", tensor}}}), "file");
  EXPECT_TRUE(read.tensors.front().second.equal(tensor));
}

TEST(SafetensorsTest, BytesAreThoseOfTheFormat) {
  const std::string header =
      R"({"a":{"data_offsets":[0,4],"dtype":"I32","shape":[1]}})";
  const std::string bytes =
      encode(SafeTensors{{{"a", torch::tensor({258}, torch::kInt32)}}});
  ASSERT_EQ(header.size(), 54);
  EXPECT_EQ(bytes, file_of(header + "  ", std::string("\x02\x01\x00\x00", 4)));
}

TEST(SafetensorsTest, TensorsOwnTheirData) {
  std::string bytes = encode(SafeTensors{{{"a", torch::ones({64})}}});
  const SafeTensors read = decode_safetensors(bytes, "file");
  std::fill(bytes.begin(), bytes.end(), '\xff');
  EXPECT_TRUE(read.tensors.front().second.equal(torch::ones({64})));
}

struct BadFile {
  std::string bytes;
  std::string message;  ///< After "file: ".
};

class BadSafetensorsTest : public ::testing::TestWithParam<BadFile> {};

TEST_P(BadSafetensorsTest, IsRefusedInOneLineNamingTheFile) {
  const std::string text =
      refusal([] { decode_safetensors(GetParam().bytes, "file"); });
  EXPECT_TRUE(text.starts_with("file: " + GetParam().message)) << text;
  EXPECT_EQ(text.find('\n'), std::string::npos) << text;
}

/// A header of one F32 tensor 'a' with these texts for its parts.
std::string one(const std::string& shape, const std::string& offsets) {
  return R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" +
         offsets + "}}";
}

const std::string kFour = "\x01\x02\x03\x04";
const std::string kNoFit =
    "tensor 'a': found data_offsets that do not fit the dtype and shape";

INSTANTIATE_TEST_SUITE_P(
    Files,
    BadSafetensorsTest,
    ::testing::Values(
        BadFile{"", "found 0 bytes"},
        BadFile{"1234567", "found 7 bytes"},
        BadFile{
            std::string("\0\0\0\0\0\0\0\x80", 8) + "{}",
            "found a header of 9223372036854775808 bytes in a file with 2"},
        BadFile{std::string(8, '\xff'), "found a header of 184467440737095516"},
        BadFile{file_of("", ""), "header: found no valid JSON"},
        BadFile{file_of("{", ""), "header: found no valid JSON"},
        BadFile{file_of("{} x", ""), "header: found no valid JSON"},
        BadFile{file_of("[]", ""), "header: found no object"},
        BadFile{file_of("\"\xff\"", ""), "header: found no valid JSON"},
        BadFile{file_of("1e999", ""), "header: found no valid JSON"},
        BadFile{file_of("{}", "x"), "found 1 bytes of data; expected 0"},
        BadFile{
            file_of(std::string(100'000, '['), ""),
            "header: found JSON nested over 32 levels deep"},
        BadFile{
            file_of(R"({"a":1,"a":2})", ""),
            "header: found the key \"a\" twice"},
        BadFile{
            file_of(R"({"__metadata__":{"k":"v","k":"w"}})", ""),
            "header: found the key \"k\" twice"},
        BadFile{
            file_of(R"({"__metadata__":{"k":1}})", ""),
            "__metadata__: found something else; expected an object of texts"},
        BadFile{
            file_of(R"({"__metadata__":[]})", ""),
            "__metadata__: found something else; expected an object of texts"},
        BadFile{
            file_of(R"({"a":1})", ""),
            "tensor 'a': found something else; expected an object of dtype, "
            "shape and data_offsets"},
        BadFile{
            file_of(
                R"({"a":{"dtype":"F32","shape":[1],"x":0,)"
                R"("data_offsets":[0,4]}})",
                kFour
            ),
            "tensor 'a': found something else; expected an object of"},
        BadFile{
            file_of(
                R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})",
                kFour
            ),
            "tensor 'a': found an unknown dtype"},
        BadFile{
            file_of(
                R"({"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}})", kFour
            ),
            "tensor 'a': found an unknown dtype"},
        BadFile{
            file_of(one("[-1]", "[0,4]"), kFour),
            "tensor 'a': found a bad shape"},
        BadFile{
            file_of(one("[1.0]", "[0,4]"), kFour),
            "tensor 'a': found a bad shape"},
        BadFile{
            file_of(one("1", "[0,4]"), kFour), "tensor 'a': found a bad shape"},
        BadFile{
            file_of(one("[1,1,1,1,1,1,1,1,1]", "[0,4]"), kFour),
            "tensor 'a': found a bad shape"},
        BadFile{
            file_of(one("[9223372036854775808]", "[0,4]"), kFour),
            "tensor 'a': found a bad shape"},
        BadFile{file_of(one("[4294967296,4294967296]", "[0,0]"), ""), kNoFit},
        BadFile{file_of(one("[4611686018427387905]", "[0,4]"), kFour), kNoFit},
        BadFile{file_of(one("[0,9223372036854775807]", "[0,0]"), ""), kNoFit},
        BadFile{file_of(one("[2]", "[0,4]"), kFour), kNoFit},
        BadFile{file_of(one("[1]", "[4,0]"), kFour), kNoFit},
        BadFile{
            file_of(one("[1]", "[0]"), kFour),
            "tensor 'a': found bad data_offsets"},
        BadFile{
            file_of(one("[1]", "[-4,0]"), kFour),
            "tensor 'a': found bad data_offsets"},
        BadFile{
            file_of(one("[1]", "[0,4]"), "123"),
            "found 3 bytes of data; expected 4"},
        BadFile{
            file_of(one("[1]", "[0,4]"), "12345"),
            "found 5 bytes of data; expected 4"},
        BadFile{
            file_of(one("[1]", "[1,5]"), "12345"),
            "tensor 'a': found its data at byte 1; expected 0"},
        BadFile{
            file_of(
                R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                R"("b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
                "123456"
            ),
            "tensor 'b': found its data at byte 2; expected 4"},
        BadFile{
            file_of(
                R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                R"("b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})",
                kFour
            ),
            "tensor 'b': found its data at byte 0; expected 4"},
        BadFile{
            file_of(
                R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                R"("b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
                "123"
            ),
            "tensor 'b': found its data at byte 2; expected 1"},
        BadFile{
            file_of(
                R"({"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}})",
                "\x02"
            ),
            "tensor 'a': found a BOOL that is neither 0 nor 1"}
    )
);

}  // namespace
}  // namespace digitorch
