#include "app/system/text.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace digitorch {
namespace {

std::string hex(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

/// Length in bytes of the character at the start of `text` where it is valid
/// UTF-8 and printable; 0 where it has to be escaped. The bounds leave out
/// overlong forms, surrogates and what lies beyond U+10FFFF (Unicode, table
/// 3-7), and the control characters U+0080 to U+009F.
std::size_t printable_length(std::string_view text) {
  struct Form {
    unsigned char first, last;  ///< Range of the leading byte.
    unsigned char low, high;    ///< Range of the second byte.
    std::size_t length;
  };
  static constexpr std::array<Form, 10> kForms{{
      {0x20, 0x7E, 0x00, 0x00, 1},
      {0xC2, 0xC2, 0xA0, 0xBF, 2},
      {0xC3, 0xDF, 0x80, 0xBF, 2},
      {0xE0, 0xE0, 0xA0, 0xBF, 3},
      {0xE1, 0xEC, 0x80, 0xBF, 3},
      {0xED, 0xED, 0x80, 0x9F, 3},
      {0xEE, 0xEF, 0x80, 0xBF, 3},
      {0xF0, 0xF0, 0x90, 0xBF, 4},
      {0xF1, 0xF3, 0x80, 0xBF, 4},
      {0xF4, 0xF4, 0x80, 0x8F, 4},
  }};
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  for (const Form& form : kForms) {
    if (byte(0) < form.first || byte(0) > form.last) continue;
    if (text.size() < form.length) return 0;
    for (std::size_t i = 1; i < form.length; ++i) {
      const unsigned char low = i == 1 ? form.low : 0x80;
      const unsigned char high = i == 1 ? form.high : 0xBF;
      if (byte(i) < low || byte(i) > high) return 0;
    }
    return form.length;
  }
  return 0;
}

}  // namespace

std::string escape_control(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    std::size_t length = printable_length(text);
    if (length > 0) {
      escaped += text.substr(0, length);
    } else {
      length = 1;
      switch (text.front()) {
        case '\n':
          escaped += "\\n";
          break;
        case '\r':
          escaped += "\\r";
          break;
        case '\t':
          escaped += "\\t";
          break;
        default:
          escaped += hex(static_cast<unsigned char>(text.front()));
      }
    }
    text.remove_prefix(length);
  }
  return escaped;
}

std::string json_text(const std::string& text) {
  try {
    static_cast<void>(nlohmann::json(text).dump());
    return text;
  } catch (const nlohmann::json::exception&) {
    return escape_control(text);
  }
}

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

}  // namespace digitorch
