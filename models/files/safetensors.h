// The safetensors file format, strictly: an 8-byte little-endian header length,
// a JSON header, raw tensors without gaps.
// https://github.com/huggingface/safetensors#format
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "models/networks/classifier.h"

namespace digitorch {

struct SafeTensors {
  /// In the order in which their data lie in the file.
  NamedTensors tensors = {};
  std::map<std::string, std::string> metadata = {};
};

/// Types: float64, float32, float16, bfloat16, int64, int32, uint8, bool; on
/// any device, of any strides. Names and metadata must be UTF-8 and names must
/// differ. The same contents always give the same bytes.
std::string encode(const SafeTensors&);

/// Reads bytes that may come from anywhere; the tensors own their data. Throws
/// std::runtime_error "<name>: <what was found>" unless every byte is accounted
/// for: no duplicate, unknown, overlapping or missing part.
SafeTensors decode_safetensors(std::string_view bytes, const std::string& name);

}  // namespace digitorch
