#include "app/system/environment.h"

#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

#include "app/system/errors.h"

namespace digitorch {
namespace {

/// What LibTorch 2.13 converts by std::stoi and the like.
constexpr const char* kNumbers[] = {
    "LRU_CACHE_CAPACITY",
    "TORCH_MKLDNN_MATMUL_MIN_DIM",
    "TORCH_MKLDNN_MATMUL_MIN_SIZE"};

bool is_whole_number(std::string_view text) {
  int32_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0;
}

/// The names of the variables that start as those of the libraries do.
std::string names_of_library_variables() {
  std::string names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (text.starts_with("OPENCV_") || text.starts_with("TORCH_") ||
        text.starts_with("PYTORCH_"))
      names += (names.empty() ? "" : ", ") +
               std::string(text.substr(0, text.find('=')));
  }
  return names.empty() ? "none that is known" : names;
}

std::string message_of_current_exception() {
  try {
    if (const std::exception_ptr thrown = std::current_exception())
      std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
  }
  return "no reason given";
}

}  // namespace

void refuse_bad_variables() {
  throw EnvironmentError(
      "a library cannot start (" + message_of_current_exception() +
      "); expected good values of its variables in the environment: " +
      names_of_library_variables()
  );
}

void check_environment() {
  for (const char* name : kNumbers) {
    const char* value = std::getenv(name);
    if (value == nullptr || is_whole_number(value)) continue;
    throw EnvironmentError(
        "the environment variable " + std::string(name) + ": found '" + value +
        "'; expected a whole number, or no such variable"
    );
  }
}

}  // namespace digitorch
