#include "app/cli/help.h"

#include <algorithm>

#include "app/cli/paragraphs.h"

namespace digitorch {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

// Longer lists of choices are named in the text beside the option.
constexpr std::size_t kLongestChoices = 28;
constexpr std::size_t kLongestExample = 44;

std::string value_name(const Field& option) {
  const std::string choices = join(option.choices, "|");
  return choices.empty() || choices.size() > kLongestChoices ? option.value_name
                                                             : choices;
}

/// The default as a user would type it; empty where there is none to name.
std::string default_text(const Field& option) {
  const std::string text = to_text(option.get());
  if (option.is_switch) return text == "true" ? "on" : "";
  return short_number(text);
}

std::string option_list(const Rows& rows, const HelpOptions& options) {
  return two_columns(rows, {.longest_left = 26, .width = options.width});
}

std::string common_options(const Command& command, const HelpOptions& options) {
  Rows rows;
  for (const std::string& name : command.common)
    if (const Field* option = find_field(command.groups, name))
      rows.emplace_back(spelling(*option), explanation(*option));
  rows.emplace_back("-h, --help", "Show this help");
  rows.emplace_back("--help-all", "Show all options");
  return "\nOptions:\n" + option_list(rows, options);
}

std::string all_options(const Command& command, const HelpOptions& options) {
  std::string text;
  for (const OptionGroup& group : command.groups) {
    Rows rows;
    for (const Field& option : group.fields)
      rows.emplace_back(spelling(option), explanation(option));
    text += "\n" + group.title + ":\n" + option_list(rows, options);
  }
  return text + "\nHelp:\n" +
         option_list({{"-h, --help", "Show this help"}}, options);
}

}  // namespace

std::string short_number(const std::string& text) {
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

std::string spelling(const Field& option) {
  if (option.is_switch) return "--[no-]" + option.name;
  return "--" + option.name + " " + value_name(option);
}

std::string explanation(const Field& option) {
  const std::string standard = default_text(option);
  return option.help + (standard.empty() ? "" : " (default: " + standard + ")");
}

std::string help(const Command& command, const HelpOptions& options) {
  std::string text = "Usage: digitorch " + command.name;
  if (!command.groups.empty()) text += " [OPTION...]";
  if (!command.paths.empty()) text += " " + command.paths;
  text += "\n\n" + paragraphs(command.summary + ".", options.width);
  if (!command.examples.empty()) {
    Rows rows;
    for (const CommandExample& example : command.examples)
      rows.emplace_back("digitorch " + example.words, example.purpose);
    text += "\nExamples:\n" +
            two_columns(
                rows, {.longest_left = kLongestExample, .width = options.width}
            );
  }
  text += command.common.empty() || options.all
              ? all_options(command, options)
              : common_options(command, options);
  if (!command.description.empty())
    text += "\n" + paragraphs(command.description, options.width);
  return text;
}

std::string overview(const std::vector<Command>& commands, std::size_t width) {
  Rows rows;
  for (const Command& command : commands)
    rows.emplace_back(command.name, command.summary);
  return paragraphs(
             "digitorch trains, examines and uses networks that classify small "
             "grey pictures.\n\n"
             "Usage: digitorch COMMAND [OPTION...] [PATH...]\n\nCommands:",
             width
         ) +
         two_columns(rows, {.width = width}) +
         paragraphs(
             "\nRun 'digitorch help COMMAND' for the options of a command.",
             width
         );
}

}  // namespace digitorch
