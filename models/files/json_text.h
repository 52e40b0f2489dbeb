// JSON from and to texts that nobody vouches for.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace digitorch {

/// Parses text that must be one JSON value. Throws std::runtime_error naming
/// `where` for text that is not JSON in UTF-8, a key that an object has twice
/// (readers differ in which one they take) and nesting over 32 levels (what
/// walks the value later is recursive).
nlohmann::json parse_strict(std::string_view text, const std::string& where);

/// JSON's text, whatever bytes its strings hold: those that are not UTF-8,
/// which JSON cannot hold, become U+FFFD.
std::string dump_lenient(const nlohmann::json&);

bool is_utf8(const std::string&);

}  // namespace digitorch
