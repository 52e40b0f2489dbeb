// One function for each reader of untrusted bytes, to be called with any bytes:
// by libFuzzer, which searches for bytes that crash it, or by replay.cpp, which
// gives it the corpus.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

/// libFuzzer's entry point, which each file here named after a reader defines.
/// Always returns 0; a fault is a crash, a sanitizer's report, or an exception
/// other than the reader documents.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace digitorch {

inline std::string_view view_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Calls a reader. Bytes that it refuses are no fault.
template <class Reader>
void read_or_refuse(const Reader& reader) {
  try {
    reader();
  } catch (const std::runtime_error&) {
  }
}

}  // namespace digitorch
