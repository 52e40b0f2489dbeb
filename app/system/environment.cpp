#include "app/system/environment.h"

#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

#include "app/system/errors.h"
#include "app/system/text.h"

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

/// The exit code of exit_code.h, which belongs to the files with LibTorch.
constexpr int kExitCode = 3;

std::terminate_handler usual_handler = nullptr;

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

[[noreturn]] void end_for_bad_variables() {
  const std::string line =
      "error: " +
      escape_control(
          "a library cannot start (" + message_of_current_exception() +
          "); expected good values of its variables in the environment: " +
          names_of_library_variables()
      ) +
      "\n";
  std::fputs(line.c_str(), stderr);  // which has no buffer
  _exit(kExitCode);
}

}  // namespace

void expect_bad_variables() {
  usual_handler = std::set_terminate(end_for_bad_variables);
}

void variables_are_read() { std::set_terminate(usual_handler); }

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
