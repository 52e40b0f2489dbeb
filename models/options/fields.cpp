#include "models/options/fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "models/options/nearest.h"

namespace digitorch {
namespace {

/// Reads the whole text as a number, without blanks and without a plus sign.
template <class Number>
bool parse(const std::string& text, Number& value) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end && !text.empty();
}

template <class Number, class Range>
bool parse_inside(const std::string& text, Range range, Number& value) {
  Number parsed{};
  if (!parse(text, parsed) || !inside(parsed, range)) return false;
  value = parsed;
  return true;
}

/// The shortest text that reads back as the same number, in the form that the
/// JSON library gives it: with an exponent below 1e-4 and from 1e15 on, and
/// always with a point or an exponent. JSON knows only finite numbers, and no
/// field takes others.
std::string shortest(double value) {
  if (!std::isfinite(value)) return "null";
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 1e-4 && size < 1e15);
  std::array<char, 40> buffer{};
  const std::to_chars_result written = std::to_chars(
      buffer.data(),
      buffer.data() + buffer.size(),
      value,
      plain ? std::chars_format::fixed : std::chars_format::scientific
  );
  std::string text(
      buffer.data(), static_cast<size_t>(written.ptr - buffer.data())
  );
  if (plain && text.find('.') == std::string::npos) text += ".0";
  return text;
}

std::string span(WholeRange range) {
  return std::to_string(range.min) + " to " + std::to_string(range.max);
}

}  // namespace

bool inside(int64_t value, WholeRange range) {
  return value >= range.min && value <= range.max;
}

bool inside(double value, RealRange range) {
  return value >= range.min && value <= range.max;
}

std::string description(WholeRange range) {
  return "a whole number from " + span(range);
}

std::string description(RealRange range) {
  return "a number from " + shortest(range.min) + " to " + shortest(range.max);
}

Field field(
    std::string name, int64_t& value, WholeRange range, std::string help
) {
  return {
      .name = std::move(name),
      .help = std::move(help),
      .expected = description(range),
      .value_name = "N",
      .get = [&value] { return FieldValue(value); },
      .set = [&value, range](const std::string& text
             ) { return parse_inside(text, range, value); }};
}

Field field(
    std::string name, double& value, RealRange range, std::string help
) {
  return {
      .name = std::move(name),
      .help = std::move(help),
      .expected = description(range),
      .value_name = "N",
      .get = [&value] { return FieldValue(value); },
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
      .get = [&value] { return FieldValue(value); },
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
      .value_name = "NAME",
      .get = [&value] { return FieldValue(value); },
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
      .value_name = "LIST",
      .get = [&value] { return FieldValue(value); },
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

Field with_value(
    Field of, std::string value_name, std::vector<std::string> suggestions
) {
  of.value_name = std::move(value_name);
  of.suggestions = std::move(suggestions);
  return of;
}

void assign(
    const Field& target, const std::string& text, const std::string& where
) {
  if (!target.set(text))
    throw std::runtime_error(
        where + ": found '" + text + "'; expected " + target.expected +
        did_you_mean(text, target.choices)
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

std::string to_text(const FieldValue& value) {
  struct Text {
    std::string operator()(int64_t number) { return std::to_string(number); }
    std::string operator()(double number) { return shortest(number); }
    std::string operator()(bool on) { return on ? "true" : "false"; }
    std::string operator()(const std::string& text) { return text; }
    std::string operator()(const std::vector<int64_t>& numbers) {
      std::vector<std::string> texts;
      for (const int64_t number : numbers)
        texts.push_back(std::to_string(number));
      return join(texts, ",");
    }
  };
  return std::visit(Text(), value);
}

}  // namespace digitorch
