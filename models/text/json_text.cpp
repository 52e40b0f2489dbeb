#include "models/text/json_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <vector>

#include "models/text/utf8.h"

namespace digitorch {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxDepth = 32;
constexpr const char* kBytes = "bytes";

/// Follows the parser through a text without building a value, and stops it at
/// what parse_strict() refuses.
class StrictChecker : public nlohmann::json_sax<Json> {
 public:
  explicit StrictChecker(std::string_view text) : text_(text) {}

  /// What is wrong: "found no valid JSON at line 1, column 3; expected one
  /// value". Empty as long as nothing is.
  const std::string& fault() const { return fault_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }

  bool start_object(std::size_t) override {
    keys_.emplace_back();
    return goes_deeper();
  }
  bool end_object() override {
    keys_.pop_back();
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override { return goes_deeper(); }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool key(string_t& name) override {
    if (keys_.back().insert(name).second) return true;
    fault_ = "found the key " + dump_lenient(name) + " twice; expected it once";
    return false;
  }
  bool
  parse_error(std::size_t byte, const std::string&, const nlohmann::detail::exception&)
      override {
    fault_ = "found no valid JSON at " + place(byte) + "; expected one value";
    return false;
  }

 private:
  bool goes_deeper() {
    if (++depth_ <= kMaxDepth) return true;
    fault_ = "found JSON nested over " + std::to_string(kMaxDepth) +
             " levels deep; expected fewer";
    return false;
  }

  /// The place of a byte, counted from 1 as lines and columns are.
  std::string place(std::size_t byte) const {
    const std::string_view before = text_.substr(0, byte > 0 ? byte - 1 : 0);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t line_end = before.rfind('\n');
    const std::size_t column =
        before.size() -
        (line_end == std::string_view::npos ? 0 : line_end + 1) + 1;
    return "line " + std::to_string(line) + ", column " +
           std::to_string(column);
  }

  std::string_view text_;
  std::size_t depth_ = 0;
  std::vector<std::set<std::string>> keys_;  // of each object now open
  std::string fault_;
};

Json with_escaped_bytes(const Json& json) {
  if (json.is_string()) return escape_bytes(json.get_ref<const std::string&>());
  if (json.is_array()) {
    Json list = Json::array();
    for (const Json& item : json) list.push_back(with_escaped_bytes(item));
    return list;
  }
  if (!json.is_object()) return json;
  Json object = Json::object();
  for (const auto& [key, value] : json.items())
    object[escape_bytes(key)] = with_escaped_bytes(value);
  return object;
}

bool is_byte(const Json& json) {
  return json.is_number_unsigned() && json.get<std::uint64_t>() <= 255;
}

}  // namespace

Json parse_strict(std::string_view text, const std::string& where) {
  StrictChecker checker(text);
  if (!Json::sax_parse(text, &checker))
    throw std::runtime_error(where + ": " + checker.fault());
  return Json::parse(text);
}

std::string dump_lenient(const Json& json, int indent) {
  try {
    return json.dump(indent);
  } catch (const Json::type_error&) {  // a text in it is not UTF-8
    return with_escaped_bytes(json).dump(indent);
  }
}

Json json_of_text(const std::string& text) {
  if (is_utf8(text)) return text;
  return {{kBytes, std::vector<std::uint8_t>(text.begin(), text.end())}};
}

bool holds_text(const Json& json) {
  if (json.is_string()) return true;
  if (!json.is_object() || json.size() != 1 || !json.contains(kBytes))
    return false;
  const Json& bytes = json[kBytes];
  return bytes.is_array() && std::all_of(bytes.begin(), bytes.end(), is_byte);
}

std::string text_in_json(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  std::string text;
  for (const Json& byte : json.at(kBytes))
    text += static_cast<char>(byte.get<std::uint8_t>());
  return text;
}

}  // namespace digitorch
