// Text from files and names, made safe to print.
#pragma once

#include <string>
#include <string_view>

namespace digitorch {

/// The text on one line that cannot steer a terminal: control characters
/// become \n, \t, \r or \xNN, as does every byte that is not valid UTF-8;
/// printable UTF-8 stays as it is.
std::string escape_control(std::string_view text);

/// JSON is UTF-8: text of other bytes is escaped as above, any other kept.
std::string json_text(const std::string& text);

/// The text as a field of a CSV row: in quotes where it has to be (RFC 4180).
std::string csv_text(const std::string& text);

}  // namespace digitorch
