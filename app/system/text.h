// Text from files and names, made safe to print.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace digitorch {

/// Removes the first character from UTF-8 text, which must not be empty, and
/// returns its code. A byte that belongs to no valid character is removed by
/// itself and gives none.
std::optional<char32_t> take_character(std::string_view& text);

/// Whether the code is that of a control character, U+0000 to U+001F or U+007F
/// to U+009F.
bool is_control(char32_t code);

/// The text as one line that is safe to print on a terminal. Control characters
/// and bytes that are not valid UTF-8 become \n, \t, \r or \xNN; printable
/// UTF-8 stays as it is.
std::string escape_control(std::string_view text);

/// The text with its ASCII letters in lower case.
std::string lower_case(std::string text);

/// The text as a field of a CSV row: escaped by escape_control(), so that it is
/// one line and safe to print, and in quotes where RFC 4180 requires them.
std::string csv_text(const std::string& text);

}  // namespace digitorch
