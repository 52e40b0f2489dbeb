#include "models/text/utf8.h"

#include <array>

namespace digitorch {
namespace {

/// A row of the Unicode Standard's table 3-7, "Well-Formed UTF-8 Byte
/// Sequences". Every byte after the second is 80..BF.
struct Form {
  unsigned char first, last;  ///< Range of the first byte.
  unsigned char low, high;    ///< Range of the second byte.
  std::size_t length;
};

constexpr std::array<Form, 9> kForms{{
    {0x00, 0x7F, 0x00, 0x00, 1},
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
}};

bool inside(char byte, unsigned char low, unsigned char high) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= low && value <= high;
}

bool has_form(std::string_view text, const Form& form) {
  if (text.size() < form.length) return false;
  if (form.length > 1 && !inside(text[1], form.low, form.high)) return false;
  for (std::size_t i = 2; i < form.length; ++i)
    if (!inside(text[i], 0x80, 0xBF)) return false;
  return true;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  for (const Form& form : kForms)
    if (inside(text[0], form.first, form.last))
      return has_form(text, form) ? form.length : 0;
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string escape_bytes(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0)
      escaped += hex_escape(text.front());
    else
      escaped += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return escaped;
}

std::string hex_escape(char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  return {'\\', 'x', kDigits[value >> 4], kDigits[value & 15]};
}

}  // namespace digitorch
