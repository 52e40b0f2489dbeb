// The Open Inference Protocol, version 2, with its binary tensor extension:
// what Triton, KServe and their clients speak. Requests and responses as
// values, and as bytes; no sockets and no network.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/serve/http/message.h"
#include "models/input/input_format.h"

namespace digitorch {

/// The most images that one request may hold.
inline constexpr int64_t kMostImages = 1024;

/// Bytes that are enough for a request of kMostImages images of that format in
/// binary form, but no more than kMostInferenceBytes.
std::size_t most_inference_bytes(const InputFormat&);

inline constexpr std::size_t kMostInferenceBytes = 64 << 20;

struct RequestedOutput {
  std::string name;     ///< "logits" or "probabilities".
  bool binary = false;  ///< As bytes after the JSON, rather than as numbers.
};

struct InferenceRequest {
  std::string id;             ///< Empty where none is given.
  int64_t images = 0;         ///< 1 .. kMostImages.
  std::vector<float> pixels;  ///< [images, C, H, W], finite; 0 black, 1 white.
  std::vector<RequestedOutput> outputs;  ///< At least one.
};

/// Reads the body of POST /v2/models/NAME/infer. The input is called "images",
/// [N, C, H, W] of the format, FP32 in 0..1 or UINT8 in 0..255. `json_length`
/// is the header Inference-Header-Content-Length, empty without binary data.
/// Throws std::runtime_error for anything else, with the place and what was
/// expected.
InferenceRequest read_inference_request(
    std::string_view body,
    const std::string& json_length,
    const InputFormat& format
);

struct OutputTensor {
  std::string name;
  int64_t columns = 0;        ///< Its shape is [images, columns].
  std::vector<float> values;  ///< Row by row.
};

/// The response with these tensors, one for each of `request.outputs` and in
/// the same order.
HttpResponse inference_response(
    const std::string& model,
    const InferenceRequest& request,
    const std::vector<OutputTensor>& tensors
);

}  // namespace digitorch
