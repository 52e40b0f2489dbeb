#include "models/options/json_reader.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "models/options/nearest.h"
#include "models/text/json_text.h"
#include "models/text/utf8.h"

namespace digitorch {
namespace {

constexpr size_t kMostShown = 60;  // bytes of a value that a message shows

/// The value as a message shows it: short.
std::string shown(const nlohmann::json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array())
    return "a list of " + std::to_string(value.size()) +
           (value.size() == 1 ? " value" : " values");
  const std::string all = dump_lenient(value);
  size_t length = 0;
  while (length < all.size() && length < kMostShown)
    length += utf8_length(std::string_view(all).substr(length));
  return all.substr(0, length) + (length < all.size() ? "..." : "");
}

}  // namespace

JsonReader::JsonReader(
    const nlohmann::json& value, std::string file, std::string key
)
    : value_(&value), file_(std::move(file)), key_(std::move(key)) {}

std::string JsonReader::where() const {
  return key_.empty() ? file_ : file_ + ": " + key_;
}

bool JsonReader::is_null() const { return value_->is_null(); }

void JsonReader::refuse(const std::string& expected) const {
  throw std::runtime_error(
      where() + ": found " + shown(*value_) + "; expected " + expected
  );
}

int64_t JsonReader::whole(WholeRange range) const {
  constexpr auto kMax =
      static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  const bool fits =
      value_->is_number_integer() &&
      (!value_->is_number_unsigned() || value_->get<uint64_t>() <= kMax);
  if (!fits || !inside(value_->get<int64_t>(), range))
    refuse(description(range));
  return value_->get<int64_t>();
}

double JsonReader::real(RealRange range) const {
  if (!value_->is_number() || !inside(value_->get<double>(), range))
    refuse(description(range));
  return value_->get<double>();
}

bool JsonReader::truth() const {
  if (!value_->is_boolean()) refuse("true or false");
  return value_->get<bool>();
}

std::string JsonReader::text() const {
  if (!value_->is_string()) refuse("a text");
  return value_->get<std::string>();
}

std::string JsonReader::byte_text() const {
  if (!holds_text(*value_)) refuse("a text");
  return text_in_json(*value_);
}

std::vector<JsonReader> JsonReader::items() const {
  if (!value_->is_array()) refuse("a list");
  std::vector<JsonReader> all;
  for (const nlohmann::json& item : *value_)
    all.emplace_back(
        item, file_, key_ + "[" + std::to_string(all.size()) + "]"
    );
  return all;
}

void JsonReader::check_object() const {
  if (!value_->is_object()) refuse("an object");
}

void JsonReader::check_keys(const std::vector<std::string>& known) const {
  check_object();
  for (const auto& [key, value] : value_->items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string near = did_you_mean(key, known);
    throw std::runtime_error(
        where() + ": found the unknown key '" + key + "'" +
        (near.empty() ? "; expected one of " + join(known) : near)
    );
  }
}

JsonReader JsonReader::at(const std::string& key) const {
  if (const std::optional<JsonReader> found = find(key)) return *found;
  throw std::runtime_error(
      where() + ": found no key '" + key + "'; expected it"
  );
}

std::optional<JsonReader> JsonReader::find(const std::string& key) const {
  check_object();
  const auto found = value_->find(key);
  if (found == value_->end()) return std::nullopt;
  return JsonReader(*found, file_, key_.empty() ? key : key_ + "." + key);
}

}  // namespace digitorch
