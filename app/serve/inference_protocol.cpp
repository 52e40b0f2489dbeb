#include "app/serve/inference_protocol.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "models/text/json_text.h"

namespace digitorch {
namespace {

using nlohmann::json;

// [N, C, H, W] nested as arrays, in outputs, in the request: 4 + 3, and some.
constexpr int kDeepestJson = 12;

[[noreturn]] void refuse(const std::string& message) {
  throw std::runtime_error(message);
}

std::size_t json_bytes(std::string_view body, const std::string& given) {
  if (given.empty()) return body.size();
  std::size_t length = 0;
  const char* const end = given.data() + given.size();
  const auto [stopped, error] = std::from_chars(given.data(), end, length);
  if (error != std::errc() || stopped != end || length > body.size())
    refuse(
        "Inference-Header-Content-Length: found '" + given +
        "'; expected a number of bytes up to " + std::to_string(body.size())
    );
  return length;
}

/// Parses without letting nested brackets overflow the stack of a reader.
json parse(std::string_view text) {
  const auto shallow = [](int depth, json::parse_event_t, json&) {
    if (depth > kDeepestJson)
      refuse("the request's JSON is nested more than 12 deep");
    return true;
  };
  json parsed = json::parse(text, shallow, /*allow_exceptions=*/false);
  if (!parsed.is_object()) refuse("expected a JSON object as request");
  return parsed;
}

/// The member, or null where it is missing.
const json& member(const json& object, const char* name) {
  static const json none;
  if (!object.is_object()) return none;
  const auto found = object.find(name);
  return found == object.end() ? none : *found;
}

bool flag(const json& object, const char* name, bool otherwise) {
  const json& value = member(object, name);
  if (value.is_null()) return otherwise;
  if (!value.is_boolean())
    refuse(std::string(name) + ": expected true or false");
  return value.get<bool>();
}

int64_t image_count(const json& shape, const InputFormat& format) {
  const auto is = [&](std::size_t axis, int64_t size) {
    return shape[axis].is_number_integer() && shape[axis] == size;
  };
  if (!shape.is_array() || shape.size() != 4 || !shape[0].is_number_integer() ||
      !is(1, format.channels) || !is(2, format.height) || !is(3, format.width))
    refuse(
        "inputs[0].shape: expected [N, " + std::to_string(format.channels) +
        ", " + std::to_string(format.height) + ", " +
        std::to_string(format.width) + "]"
    );
  if (shape[0] < 1 || shape[0] > kMostImages)
    refuse(
        "inputs[0].shape: found " + dump_lenient(shape[0]) +
        " images; expected 1 to " + std::to_string(kMostImages)
    );
  return shape[0].get<int64_t>();
}

/// Appends the numbers of nested arrays, in order.
void flatten(const json& data, std::size_t most, std::vector<float>& to) {
  if (data.is_array()) {
    for (const json& each : data) flatten(each, most, to);
    return;
  }
  if (!data.is_number()) refuse("inputs[0].data: expected numbers");
  if (to.size() == most)
    refuse("inputs[0].data: found more numbers than its shape has");
  to.push_back(data.get<float>());
}

std::vector<float> from_json(const json& data, std::size_t count, float scale) {
  std::vector<float> pixels;
  pixels.reserve(count);
  if (!data.is_array()) refuse("inputs[0].data: expected an array of numbers");
  flatten(data, count, pixels);
  if (pixels.size() != count)
    refuse(
        "inputs[0].data: found " + std::to_string(pixels.size()) +
        " numbers; expected " + std::to_string(count)
    );
  for (float& pixel : pixels) pixel *= scale;
  return pixels;
}

std::vector<float> from_bytes(
    std::string_view bytes, std::size_t count, bool whole_numbers, float scale
) {
  const std::size_t expected = count * (whole_numbers ? 1 : sizeof(float));
  if (bytes.size() != expected)
    refuse(
        "inputs[0]: found " + std::to_string(bytes.size()) +
        " binary bytes; expected " + std::to_string(expected)
    );
  std::vector<float> pixels(count);
  if (!whole_numbers) {
    std::memcpy(pixels.data(), bytes.data(), bytes.size());
    return pixels;
  }
  for (std::size_t i = 0; i < count; ++i)
    pixels[i] = static_cast<float>(static_cast<uint8_t>(bytes[i])) * scale;
  return pixels;
}

void read_images(
    const json& call,
    std::string_view binary,
    const InputFormat& format,
    InferenceRequest& request
) {
  const json& inputs = member(call, "inputs");
  if (!inputs.is_array() || inputs.size() != 1)
    refuse("inputs: expected one, called 'images'");
  const json& input = inputs[0];
  if (member(input, "name") != "images")
    refuse("inputs[0].name: expected 'images'");
  const json& type = member(input, "datatype");
  if (type != "FP32" && type != "UINT8")
    refuse("inputs[0].datatype: expected FP32 or UINT8");
  const bool whole_numbers = type == "UINT8";
  const float scale = whole_numbers ? 1.F / 255 : 1.F;
  request.images = image_count(member(input, "shape"), format);
  const auto count = static_cast<std::size_t>(request.images * format.values());
  const json& size = member(member(input, "parameters"), "binary_data_size");
  if (size.is_null()) {
    request.pixels = from_json(member(input, "data"), count, scale);
  } else {
    if (size != binary.size())
      refuse("inputs[0].parameters.binary_data_size: does not fit the body");
    request.pixels = from_bytes(binary, count, whole_numbers, scale);
  }
  for (const float pixel : request.pixels)
    if (!std::isfinite(pixel)) refuse("inputs[0]: found a number not finite");
}

std::vector<RequestedOutput> read_outputs(const json& call) {
  const bool binary =
      flag(member(call, "parameters"), "binary_data_output", false);
  const json& outputs = member(call, "outputs");
  if (outputs.is_null() || (outputs.is_array() && outputs.empty()))
    return {{"logits", binary}, {"probabilities", binary}};
  if (!outputs.is_array() || outputs.size() > 2)
    refuse("outputs: expected a list of 'logits' and 'probabilities'");
  std::vector<RequestedOutput> read;
  for (const json& output : outputs) {
    const json& name = member(output, "name");
    if (name != "logits" && name != "probabilities")
      refuse("outputs: expected 'logits' or 'probabilities' as name");
    read.push_back(
        {name.get<std::string>(),
         flag(member(output, "parameters"), "binary_data", binary)}
    );
  }
  return read;
}

}  // namespace

std::size_t most_inference_bytes(const InputFormat& format) {
  const auto numbers = static_cast<std::size_t>(kMostImages * format.values());
  return std::min(kMostInferenceBytes, numbers * sizeof(float) + (64 << 10));
}

InferenceRequest read_inference_request(
    std::string_view body,
    const std::string& json_length,
    const InputFormat& format
) {
  const std::size_t length = json_bytes(body, json_length);
  const json call = parse(body.substr(0, length));
  InferenceRequest request;
  const json& id = member(call, "id");
  if (!id.is_null() && !id.is_string()) refuse("id: expected a string");
  if (id.is_string()) request.id = id.get<std::string>();
  read_images(call, body.substr(length), format, request);
  request.outputs = read_outputs(call);
  return request;
}

HttpResponse inference_response(
    const std::string& model,
    const InferenceRequest& request,
    const std::vector<OutputTensor>& tensors
) {
  json outputs = json::array();
  std::string binary;
  bool any_binary = false;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const OutputTensor& tensor = tensors[i];
    json output = {
        {"name", tensor.name},
        {"datatype", "FP32"},
        {"shape", {request.images, tensor.columns}}};
    if (request.outputs[i].binary) {
      const std::size_t bytes = tensor.values.size() * sizeof(float);
      output["parameters"] = {{"binary_data_size", bytes}};
      binary.append(reinterpret_cast<const char*>(tensor.values.data()), bytes);
      any_binary = true;
    } else {
      output["data"] = tensor.values;
    }
    outputs.push_back(std::move(output));
  }
  json head = {
      {"model_name", model}, {"model_version", "1"}, {"outputs", outputs}};
  if (!request.id.empty()) head["id"] = request.id;
  HttpResponse response;
  response.body = dump_lenient(head);
  if (any_binary) {
    response.content_type = "application/octet-stream";
    response.headers = {
        {"Inference-Header-Content-Length",
         std::to_string(response.body.size())}};
    response.body += binary;
  }
  return response;
}

}  // namespace digitorch
