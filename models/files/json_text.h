// JSON from and to texts of any origin.
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

/// The value as text. Bytes in its strings that are not UTF-8, which JSON
/// cannot hold, become U+FFFD.
std::string dump_lenient(const nlohmann::json&);

}  // namespace digitorch
