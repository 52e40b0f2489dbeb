// What the tests of the readers share: small files made by hand, and errors as
// text.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <system_error>

namespace digitorch::testing {

void write_file(const std::filesystem::path&, const std::string& bytes);

/// Each number as four big-endian bytes.
std::string big_endian(std::initializer_list<uint32_t>);

/// One gzip member.
std::string gzip(const std::string& bytes);

/// Pixel k of the whole file is k mod 251, so that no two rows are alike.
std::string image_file(uint32_t count);

/// Labels 0, 1, ... 9, 0, ...
std::string label_file(uint32_t count);

/// What a call complains of: the message of a std::runtime_error, "system: "
/// and the message of a std::system_error, or "no error".
template <typename Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const std::system_error& error) {
    return std::string("system: ") + error.what();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

inline ::testing::AssertionResult contains(
    const std::string& text, const std::string& part
) {
  if (text.find(part) != std::string::npos)
    return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << "\"" << text << "\" does not contain \"" << part << "\"";
}

inline ::testing::AssertionResult starts_with(
    const std::string& text, const std::string& part
) {
  if (text.starts_with(part)) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << "\"" << text << "\" does not start with \"" << part << "\"";
}

}  // namespace digitorch::testing
