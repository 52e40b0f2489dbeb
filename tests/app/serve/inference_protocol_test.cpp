#include "app/serve/inference_protocol.h"

#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

namespace digitorch {
namespace {

using nlohmann::json;

constexpr std::size_t kPixels = 28 * 28;

json call_with(const json& data, int64_t images = 1) {
  return {
      {"inputs",
       {{{"name", "images"},
         {"datatype", "FP32"},
         {"shape", {images, 1, 28, 28}},
         {"data", data}}}}};
}

std::vector<float> ramp() {
  std::vector<float> values(kPixels);
  for (std::size_t i = 0; i < kPixels; ++i)
    values[i] = static_cast<float>(i) / kPixels;
  return values;
}

/// Reads a request for a network of digits.
InferenceRequest read(const std::string& body, const std::string& length) {
  return read_inference_request(body, length, InputFormat());
}

std::string refusal(const std::string& body, const std::string& length = "") {
  try {
    read(body, length);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(InferenceRequest, HasTheShapeThatTheNetworkTakes) {
  const InputFormat format{"plain", 3, 2, 4};
  nlohmann::json call = call_with(std::vector<float>(24, 0.5F));
  call["inputs"][0]["shape"] = {1, 3, 2, 4};
  EXPECT_EQ(
      read_inference_request(call.dump(), "", format).pixels,
      std::vector<float>(24, 0.5F)
  );
  EXPECT_EQ(refusal(call.dump()), "inputs[0].shape: expected [N, 1, 28, 28]");
}

TEST(InferenceRequest, TakesNumbersFlatOrNested) {
  const InferenceRequest flat = read(call_with(ramp()).dump(), "");
  EXPECT_EQ(flat.images, 1);
  EXPECT_EQ(flat.pixels, ramp());
  json rows = json::array();
  for (std::size_t y = 0; y < 28; ++y) {
    const std::vector<float> all = ramp();
    rows.push_back(std::vector<float>(
        all.begin() + static_cast<long>(28 * y),
        all.begin() + static_cast<long>(28 * y + 28)
    ));
  }
  const json nested = json::array({json::array({rows})});
  EXPECT_EQ(read(call_with(nested).dump(), "").pixels, ramp());
}

TEST(InferenceRequest, TakesFloatsAndBytesAfterTheJson) {
  json call = call_with(nullptr);
  call["inputs"][0].erase("data");
  call["inputs"][0]["parameters"] = {{"binary_data_size", kPixels * 4}};
  std::string body = call.dump();
  const std::string length = std::to_string(body.size());
  const std::vector<float> values = ramp();
  body.append(reinterpret_cast<const char*>(values.data()), kPixels * 4);
  EXPECT_EQ(read(body, length).pixels, values);

  call["inputs"][0]["datatype"] = "UINT8";
  call["inputs"][0]["parameters"] = {{"binary_data_size", kPixels}};
  body = call.dump();
  const std::string bytes_length = std::to_string(body.size());
  body.append(kPixels, '\xff');
  EXPECT_EQ(read(body, bytes_length).pixels, std::vector<float>(kPixels, 1.F));
}

TEST(InferenceRequest, GivesBothOutputsUnlessSomeAreNamed) {
  json call = call_with(ramp());
  EXPECT_EQ(read(call.dump(), "").outputs.size(), 2U);
  call["outputs"] = {
      {{"name", "probabilities"}, {"parameters", {{"binary_data", true}}}}};
  const InferenceRequest request = read(call.dump(), "");
  ASSERT_EQ(request.outputs.size(), 1U);
  EXPECT_EQ(request.outputs[0].name, "probabilities");
  EXPECT_TRUE(request.outputs[0].binary);
}

TEST(InferenceRequest, RefusesWhatIsNone) {
  std::vector<json> bad = {
      json::array(),
      json::object(),
      {{"inputs", json::array()}},
      {{"inputs", 3}},
      call_with(nullptr),
      call_with("text"),
      call_with(json::array()),
      call_with(ramp(), 2),
      call_with(ramp(), 0),
      call_with(ramp(), -1),
      call_with(ramp(), kMostImages + 1)};
  json changed = call_with(ramp());
  const auto with = [&](const char* path, const json& value) {
    json copy = changed;
    copy[json::json_pointer(path)] = value;
    bad.push_back(copy);
  };
  with("/id", 3);
  with("/outputs", "logits");
  with("/outputs", {{{"name", "other"}}});
  with("/outputs", {1});
  with("/parameters", {{"binary_data_output", 1}});
  with("/inputs/0/name", "pixels");
  with("/inputs/0/datatype", "FP64");
  with("/inputs/0/shape", {1, 784});
  with("/inputs/0/shape", {1.5, 1, 28, 28});
  with("/inputs/0/shape", {"1", 1, 28, 28});
  with("/inputs/0/shape", {1, 1, 28, 29});
  with("/inputs/0/data/5", "x");
  with("/inputs/0/data/5", nullptr);
  with("/inputs/0/parameters", {{"binary_data_size", kPixels * 4}});
  with("/inputs/0/parameters", {{"binary_data_size", -1}});
  for (const json& call : bad)
    EXPECT_NE(refusal(call.dump()), "") << call.dump().substr(0, 120);
}

TEST(InferenceRequest, RefusesNumbersThatAreNotFinite) {
  std::string body = call_with(ramp()).dump();
  body.replace(body.find("[0.0,"), 5, "[1e60,");
  EXPECT_NE(refusal(body), "");
}

TEST(InferenceRequest, RefusesALengthBeyondTheBody) {
  const std::string body = call_with(ramp()).dump();
  for (const std::string& length :
       {std::to_string(body.size() + 1),
        std::string("-1"),
        std::string("x"),
        std::string("99999999999999999999"),
        std::string("12 ")})
    EXPECT_NE(refusal(body, length), "") << length;
}

TEST(InferenceRequest, DeepNestingEndsInALine) {
  EXPECT_NE(refusal(std::string(400'000, '[')), "");
  EXPECT_NE(refusal("{\"inputs\":" + std::string(400'000, '[')), "");
}

TEST(InferenceResponse, PutsBinaryOutputsAfterTheJson) {
  const InferenceRequest request{
      .id = "7",
      .images = 1,
      .outputs = {{"logits", true}, {"probabilities", false}}};
  const HttpResponse response = inference_response(
      "digits",
      request,
      {{"logits", 2, {1.5F, -2.F}}, {"probabilities", 2, {0.75F, 0.25F}}}
  );
  ASSERT_EQ(response.headers.size(), 1U);
  const std::size_t length = std::stoul(response.headers[0].second);
  const json head = json::parse(response.body.substr(0, length));
  EXPECT_EQ(head["id"], "7");
  EXPECT_EQ(head["outputs"][0]["parameters"]["binary_data_size"], 8);
  EXPECT_EQ(head["outputs"][1]["data"], json({0.75, 0.25}));
  float values[2];
  ASSERT_EQ(response.body.size(), length + sizeof values);
  std::memcpy(values, response.body.data() + length, sizeof values);
  EXPECT_EQ(values[0], 1.5F);
  EXPECT_EQ(values[1], -2.F);
}

TEST(Query, ValuesByName) {
  EXPECT_EQ(query_value("page=1&top_k=3", "top_k"), "3");
  EXPECT_EQ(query_value("page=1&top_k=3", "page"), "1");
  EXPECT_EQ(query_value("top_k", "top_k"), "");
  EXPECT_EQ(query_value("", "page"), "");
  EXPECT_EQ(query_value("&&=&page=", "page"), "");
}

}  // namespace
}  // namespace digitorch
