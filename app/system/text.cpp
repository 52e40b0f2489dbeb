#include "app/system/text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "models/text/utf8.h"

namespace digitorch {
std::optional<char32_t> take_character(std::string_view& text) {
  const std::size_t length = utf8_length(text);
  const std::string_view bytes = text.substr(0, length);
  text.remove_prefix(std::max<std::size_t>(length, 1));
  if (length == 0) return std::nullopt;
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
  };
  // The first of several bytes has a bit less of the code for each of them.
  char32_t code = length == 1 ? byte(0) : byte(0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3FU);
  return code;
}

bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

std::string escape_control(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const std::string_view before = text;
    const std::optional<char32_t> code = take_character(text);
    if (code && !is_control(*code)) {
      escaped += before.substr(0, before.size() - text.size());
      continue;
    }
    text = before.substr(1);
    switch (before.front()) {
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
        escaped += hex_escape(before.front());
    }
  }
  return escaped;
}

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string csv_text(const std::string& raw) {
  const std::string text = escape_control(raw);
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

}  // namespace digitorch
