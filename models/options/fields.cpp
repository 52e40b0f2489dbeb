#include "models/options/fields.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace digitorch {
namespace {

/// The whole text as a number: no blanks, no sign but '-', no rest.
template <class Number>
bool parse(const std::string& text, Number& value) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end && !text.empty();
}

bool inside(int64_t value, WholeRange range) {
  return value >= range.least && value <= range.most;
}

bool inside(double value, RealRange range) {
  return value >= range.least && value <= range.most;  // false for NaN
}

template <class Number, class Range>
bool parse_inside(const std::string& text, Range range, Number& value) {
  Number parsed{};
  if (!parse(text, parsed) || !inside(parsed, range)) return false;
  value = parsed;
  return true;
}

std::string shortest(double value) { return nlohmann::json(value).dump(); }

std::string span(WholeRange range) {
  return std::to_string(range.least) + " to " + std::to_string(range.most);
}

}  // namespace

Field field(
    std::string name, int64_t& value, WholeRange range, std::string help
) {
  return {
      .name = std::move(name),
      .help = std::move(help),
      .expected = "a whole number from " + span(range),
      .get = [&value] { return nlohmann::json(value); },
      .set = [&value, range](const std::string& text
             ) { return parse_inside(text, range, value); }};
}

Field field(
    std::string name, double& value, RealRange range, std::string help
) {
  return {
      .name = std::move(name),
      .help = std::move(help),
      .expected = "a number from " + shortest(range.least) + " to " +
                  shortest(range.most),
      .get = [&value] { return nlohmann::json(value); },
      .set = [&value, range](const std::string& text
             ) { return parse_inside(text, range, value); }};
}

Field field(std::string name, bool& value, std::string help) {
  return {
      .name = std::move(name),
      .help = std::move(help),
      .expected = "true or false",
      .choices = {"true", "false"},
      .is_switch = true,
      .get = [&value] { return nlohmann::json(value); },
      .set =
          [&value](const std::string& text) {
            if (text != "true" && text != "false") return false;
            value = text == "true";
            return true;
          }};
}

Field field(std::string name, std::string& value, std::string help) {
  return {
      .name = std::move(name),
      .help = std::move(help),
      .expected = "a text",
      .get = [&value] { return nlohmann::json(value); },
      .set =
          [&value](const std::string& text) {
            value = text;
            return true;
          }};
}

Field field(
    std::string name,
    std::string& value,
    std::vector<std::string> choices,
    std::string help
) {
  Field made = field(std::move(name), value, std::move(help));
  made.expected = "one of " + join(choices);
  made.choices = choices;
  made.set = [&value, choices = std::move(choices)](const std::string& text) {
    if (std::find(choices.begin(), choices.end(), text) == choices.end())
      return false;
    value = text;
    return true;
  };
  return made;
}

Field field(
    std::string name,
    std::vector<int64_t>& value,
    WholeRange range,
    std::string help
) {
  return {
      .name = std::move(name),
      .help = std::move(help),
      .expected =
          "whole numbers from " + span(range) + " with commas between them",
      .get = [&value] { return nlohmann::json(value); },
      .set =
          [&value, range](const std::string& text) {
            std::vector<int64_t> parsed;
            if (!text.empty())
              for (const std::string& item : split_text(text, ','))
                if (!parse_inside(item, range, parsed.emplace_back()))
                  return false;
            value = std::move(parsed);
            return true;
          }};
}

void assign(
    const Field& target, const std::string& text, const std::string& where
) {
  if (!target.set(text))
    throw std::runtime_error(
        where + ": found '" + text + "'; expected " + target.expected
    );
}

std::vector<std::string> split_text(const std::string& text, char between) {
  std::vector<std::string> parts;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(between, start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

std::string join(
    const std::vector<std::string>& words, const std::string& between
) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : between) + word;
  return text;
}

std::string to_text(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::vector<std::string> texts;
  for (const nlohmann::json& item : value) texts.push_back(to_text(item));
  return join(texts, ",");
}

nlohmann::json to_json(const std::vector<Field>& fields) {
  nlohmann::json values = nlohmann::json::object();
  for (const Field& each : fields) values[each.name] = each.get();
  return values;
}

void from_json(
    const std::vector<Field>& fields,
    const nlohmann::json& values,
    const std::string& where
) {
  if (!values.is_object())
    throw std::runtime_error(
        where + ": found " + values.type_name() + "; expected an object"
    );
  for (const auto& [name, value] : values.items()) {
    const auto known = std::find_if(
        fields.begin(),
        fields.end(),
        [&name = name](const Field& each) { return each.name == name; }
    );
    if (known == fields.end())
      throw std::runtime_error(
          where + ": found the unknown key '" + name + "'"
      );
    assign(*known, to_text(value), where + ": " + name);
  }
}

}  // namespace digitorch
