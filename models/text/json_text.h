// JSON from and to texts of any origin. This is the only place that parses or
// writes JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace digitorch {

/// Parses text that must be one JSON value. Throws std::runtime_error naming
/// `where` for text that is not JSON in UTF-8, for a key that an object has
/// twice, since readers differ in which one they take, and for nesting over 32
/// levels, since code that walks the value is recursive.
nlohmann::json parse_strict(std::string_view text, const std::string& where);

/// The value as text, on one line or indented by `indent` spaces. Texts and
/// keys that are not UTF-8, which JSON cannot hold, are written as
/// escape_bytes() gives them.
std::string dump_lenient(const nlohmann::json&, int indent = -1);

/// A text of any bytes as a JSON value from which text_in_json() gives the same
/// bytes: a string or, where they are not UTF-8, {"bytes": [99, 233]}.
nlohmann::json json_of_text(const std::string& text);

/// Whether json_of_text() can have made the value.
bool holds_text(const nlohmann::json&);

/// The text that json_of_text() was given. Requires holds_text().
std::string text_in_json(const nlohmann::json&);

}  // namespace digitorch
