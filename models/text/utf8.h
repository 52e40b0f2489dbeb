// UTF-8 as the Unicode Standard defines it: without overlong forms, surrogates
// and what is beyond U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace digitorch {

/// Bytes of the character that `text` starts with, 1 to 4; 0 where it is empty
/// or starts with no valid UTF-8.
std::size_t utf8_length(std::string_view text);

/// Whether all of it is valid UTF-8; so is an empty text.
bool is_utf8(std::string_view text);

/// The text as UTF-8: each byte that belongs to no valid character becomes
/// \xNN, so that two names that differ still do.
std::string escape_bytes(std::string_view text);

/// The byte as "\xNN".
std::string hex_escape(char byte);

}  // namespace digitorch
