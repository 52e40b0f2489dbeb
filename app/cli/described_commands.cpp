#include "app/cli/described_commands.h"

#include <nlohmann/json.hpp>

#include "models/text/json_text.h"

namespace digitorch {
namespace {

using nlohmann::json;

json described_option(const Field& option) {
  return {
      {"name", option.name},
      {"help", option.help},
      {"expected", option.expected},
      {"choices", option.choices},
      {"is_switch", option.is_switch},
      {"value_name", option.value_name},
      {"suggestions", option.suggestions},
      {"default", to_text(option.get())}};
}

Field option_from(const json& entry) {
  return {
      .name = entry.at("name"),
      .help = entry.at("help"),
      .expected = entry.at("expected"),
      .choices = entry.at("choices"),
      .is_switch = entry.at("is_switch"),
      .value_name = entry.at("value_name"),
      .suggestions = entry.at("suggestions"),
      .get = [text = entry.at("default").get<std::string>(
              )] { return FieldValue(text); },
      .set = nullptr};
}

json described_group(const OptionGroup& group) {
  json options = json::array();
  for (const Field& option : group.fields)
    options.push_back(described_option(option));
  return {{"title", group.title}, {"options", options}};
}

OptionGroup group_from(const json& entry) {
  OptionGroup group{.title = entry.at("title"), .fields = {}, .as_text = true};
  for (const json& option : entry.at("options"))
    group.fields.push_back(option_from(option));
  return group;
}

json described_command(const Command& command) {
  json examples = json::array();
  for (const CommandExample& example : command.examples)
    examples.push_back({example.words, example.purpose});
  json groups = json::array();
  for (const OptionGroup& group : command.groups)
    groups.push_back(described_group(group));
  return {
      {"name", command.name},
      {"summary", command.summary},
      {"paths", command.paths},
      {"path_suggestions", command.path_suggestions},
      {"examples", examples},
      {"description", command.description},
      {"common", command.common},
      {"groups", groups}};
}

Command command_from(const json& entry) {
  Command command{
      .name = entry.at("name"),
      .summary = entry.at("summary"),
      .paths = entry.at("paths"),
      .path_suggestions = entry.at("path_suggestions"),
      .description = entry.at("description"),
      .common = entry.at("common"),
      .groups = {},
      .run = nullptr};
  for (const json& example : entry.at("examples"))
    command.examples.push_back({example.at(0), example.at(1)});
  for (const json& group : entry.at("groups"))
    command.groups.push_back(group_from(group));
  return command;
}

}  // namespace

std::string commands_to_json(const std::vector<Command>& commands) {
  json all = json::array();
  for (const Command& command : commands)
    all.push_back(described_command(command));
  return dump_lenient(all);
}

std::vector<Command> commands_from_json(std::string_view text) {
  std::vector<Command> commands;
  for (const json& entry :
       parse_strict(text, "the description of the commands"))
    commands.push_back(command_from(entry));
  return commands;
}

}  // namespace digitorch
