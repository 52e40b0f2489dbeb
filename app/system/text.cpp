#include "app/system/text.h"

#include <cstddef>

#include "models/files/utf8.h"

namespace digitorch {
namespace {

std::string hex(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

/// Bytes of the character that the text starts with; 0 where it has to be
/// escaped, since it is a control character or no valid UTF-8.
std::size_t printable_length(std::string_view text) {
  const std::size_t length = utf8_length(text);
  const auto first = static_cast<unsigned char>(text.front());
  if (length == 1 && (first < 0x20 || first == 0x7F)) return 0;
  // U+0080 to U+009F.
  if (length == 2 && first == 0xC2 &&
      static_cast<unsigned char>(text[1]) < 0xA0)
    return 0;
  return length;
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
  return is_utf8(text) ? text : escape_control(text);
}

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

}  // namespace digitorch
