// Text from files and names, made safe to print.
#pragma once

#include <string>
#include <string_view>

namespace digitorch {

/// The text as one line that is safe to print on a terminal. Control characters
/// and bytes that are not valid UTF-8 become \n, \t, \r or \xNN; printable
/// UTF-8 stays as it is.
std::string escape_control(std::string_view text);

/// The text as JSON can hold it: the text itself where it is valid UTF-8, else
/// escaped by escape_control().
std::string json_text(const std::string& text);

/// The text as a field of a CSV row: in quotes where RFC 4180 requires them.
std::string csv_text(const std::string& text);

}  // namespace digitorch
