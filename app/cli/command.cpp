#include "app/cli/command.h"

#include <algorithm>
#include <cxxopts.hpp>
#include <set>
#include <stdexcept>

namespace digitorch {
namespace {

constexpr size_t kHelpWidth = 80;

std::string placeholder(const Field& option) {
  if (!option.choices.empty()) {
    std::string text;
    for (const std::string& choice : option.choices)
      text += (text.empty() ? "" : "|") + choice;
    return text;
  }
  if (option.expected.starts_with("whole numbers")) return "N,N,...";
  return option.expected == "a text" ? "TEXT" : "N";
}

cxxopts::Options description(const Command& command) {
  cxxopts::Options options("digitorch " + command.name, command.description);
  options.set_width(kHelpWidth).positional_help("");
  options.custom_help("[options] " + command.paths);
  for (const OptionGroup& group : command.groups) {
    auto add = options.add_options(group.title);
    for (const Field& option : group.fields) {
      auto value = cxxopts::value<std::string>();
      const std::string standard = to_text(option.get());
      if (!standard.empty()) value->default_value(standard);
      if (option.is_switch) value->implicit_value("true");
      add(option.name, option.help, value, placeholder(option));
    }
  }
  options.add_options("Other")("h,help", "Show this text");
  return options;
}

/// The message of cxxopts with plain quotes.
std::string plain(const std::string& message) {
  std::string text = message;
  for (const char* quote : {"\u2018", "\u2019"})
    for (size_t at; (at = text.find(quote)) != std::string::npos;)
      text.replace(at, std::string(quote).size(), "'");
  return text;
}

}  // namespace

bool Arguments::has(const std::string& name) const {
  return std::any_of(
      options.begin(),
      options.end(),
      [&](const GivenOption& option) { return option.name == name; }
  );
}

Arguments parse(const Command& command, const std::vector<std::string>& words) {
  std::vector<const char*> argv = {"digitorch"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  Arguments arguments;
  const std::string hint = "; see 'digitorch " + command.name + " --help'";
  cxxopts::ParseResult result;
  try {
    result =
        description(command).parse(static_cast<int>(argv.size()), argv.data());
  } catch (const cxxopts::exceptions::exception& error) {
    throw std::runtime_error(command.name + ": " + plain(error.what()) + hint);
  }
  std::set<std::string> seen;
  for (const cxxopts::KeyValue& option : result.arguments()) {
    if (!seen.insert(option.key()).second)
      throw std::runtime_error(
          "--" + option.key() + ": found twice; expected once"
      );
    arguments.options.push_back(
        {option.key(), option.value(), "--" + option.key()}
    );
  }
  arguments.paths = result.unmatched();
  if (command.paths.empty() && !arguments.paths.empty()) {
    const std::string& word = arguments.paths.front();
    throw std::runtime_error(
        command.name + ": found '" + word + "'; expected options only" +
        (word == "true" || word == "false"
             ? ", and switches with '=': --name=" + word
             : hint)
    );
  }
  return arguments;
}

int run(const Command& command, const Arguments& typed) {
  Arguments handed_on{.options = {}, .paths = typed.paths};
  for (const OptionGroup& group : command.groups)
    if (!group.as_text) assign_known(group.fields, typed.options);
  for (const GivenOption& option : typed.options)
    for (const OptionGroup& group : command.groups)
      if (group.as_text && find_field({group}, option.name) != nullptr)
        handed_on.options.push_back(option);
  return command.run(handed_on);
}

std::string help(const Command& command) {
  cxxopts::Options options = description(command);
  std::vector<std::string> titles;
  for (const OptionGroup& group : command.groups) titles.push_back(group.title);
  titles.emplace_back("Other");
  return options.help(titles);
}

OptionGroup described(OptionGroup group) {
  group.as_text = true;
  for (Field& option : group.fields) {
    option.get = [value = option.get()] { return value; };
    option.set = nullptr;
  }
  return group;
}

const Field* find_field(
    const std::vector<OptionGroup>& groups, const std::string& name
) {
  for (const OptionGroup& group : groups)
    for (const Field& option : group.fields)
      if (option.name == name) return &option;
  return nullptr;
}

void assign_known(
    const std::vector<Field>& fields, const std::vector<GivenOption>& options
) {
  for (const GivenOption& option : options)
    for (const Field& each : fields)
      if (each.name == option.name) assign(each, option.text, option.where);
}

}  // namespace digitorch
