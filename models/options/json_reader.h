// JSON of any origin, read strictly: every value is checked as it is taken.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/options/fields.h"

namespace digitorch {

/// A value in a JSON file with its place there. Whatever is not as the caller
/// expects is refused with std::runtime_error
/// "<file>: <key>: found <value>; expected <what>", where the keys of objects
/// in one another are joined by points and places in lists are counted from 0:
/// "c.json: options.epochs: found "ten"; expected a whole number from 1 to 9".
class JsonReader {
 public:
  /// key: the value's place in the file; empty for all of it. The value must
  /// outlive the reader.
  JsonReader(
      const nlohmann::json& value, std::string file, std::string key = ""
  );

  const nlohmann::json& json() const { return *value_; }
  /// "<file>" or "<file>: <key>".
  std::string where() const;
  bool is_null() const;

  /// The value as a number in the range. Numbers that are whole are reals, too.
  int64_t whole(WholeRange) const;
  double real(RealRange) const;
  bool truth() const;
  std::string text() const;
  /// A text that may not be UTF-8, as json_of_text() makes it.
  std::string byte_text() const;

  /// The items of a list.
  std::vector<JsonReader> items() const;

  /// Refuses all but an object.
  void check_object() const;
  /// Refuses all but an object without other keys than these, and says which of
  /// them a wrong one is near.
  void check_keys(const std::vector<std::string>& known) const;
  /// The value of a key that the object must have.
  JsonReader at(const std::string& key) const;
  /// The value of a key that the object may have.
  std::optional<JsonReader> find(const std::string& key) const;

  /// Throws the error. expected: "a whole number from 1 to 9".
  [[noreturn]] void refuse(const std::string& expected) const;

 private:
  const nlohmann::json* value_;
  std::string file_;
  std::string key_;
};

}  // namespace digitorch
