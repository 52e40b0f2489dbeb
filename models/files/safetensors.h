// The safetensors file format: an 8-byte little-endian header length, a JSON
// header, and raw tensors without gaps.
// https://github.com/huggingface/safetensors#format
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "models/networks/classifier.h"

namespace digitorch {

struct SafeTensors {
  /// In the order of their data in the file.
  NamedTensors tensors = {};
  std::map<std::string, std::string> metadata = {};
};

/// The contents as the bytes of a file. Tensors may be float64, float32,
/// float16, bfloat16, int64, int32, uint8 or bool, on any device and of any
/// strides. Names must be UTF-8 and differ. The same contents always give the
/// same bytes.
std::string encode(const SafeTensors&);

/// The contents of a file of any origin; the tensors own their data. Throws
/// std::runtime_error "<name>: <what was found>; expected <what>" unless the
/// header accounts for every byte, without duplicate, unknown, overlapping or
/// missing parts.
SafeTensors decode_safetensors(std::string_view bytes, const std::string& name);

}  // namespace digitorch
