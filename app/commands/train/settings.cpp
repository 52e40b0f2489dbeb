#include "app/commands/train/settings.h"

#include <torch/version.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <utility>

#include "app/cli/help.h"
#include "app/commands/train/presets.h"
#include "app/predict/model_file.h"
#include "models/files/run_config.h"
#include "models/options/fields_json.h"
#include "models/options/nearest.h"

namespace digitorch {
namespace {

/// Sets the network that --model names, and where that is a checkpoint, the
/// form of the pictures that it takes.
void take_model(TrainSettings& settings, const std::string& model) {
  settings.model = model;
  if (is_network_kind(model) || !std::filesystem::exists(model)) {
    settings.network = default_network(model);
    return;
  }
  const ModelSpec spec = read_checkpoint(model).spec;
  settings.network = spec.network;
  settings.data.form = picture_options(spec.input);
}

std::vector<GivenOption> joined(const OptionSources& sources) {
  std::vector<GivenOption> all = sources.configuration;
  if (!sources.preset.empty())
    for (GivenOption& option : preset_options(sources.preset))
      all.push_back(std::move(option));
  all.insert(all.end(), sources.typed.begin(), sources.typed.end());
  return all;
}

OptionGroup model_group(TrainSettings& settings) {
  return {
      "Model",
      {with_value(
          field(
              "model",
              settings.model,
              "Kind of network (" + join(network_kinds()) +
                  "), or a checkpoint or run folder whose network and weights "
                  "to start from"
          ),
          "NAME|FILE|FOLDER",
          network_kinds()
      )}};
}

std::vector<OptionGroup> training_groups(TrainSettings& settings) {
  return {
      {"Data", fields(settings.data)},
      {"Pictures", fields(settings.data.form)},
      {"Training", fields(settings.train)},
      {"Computing", fields(settings.compute)}};
}

/// Every option of the settings, as fields that refer to them.
std::vector<OptionGroup> groups(TrainSettings& settings) {
  std::vector<OptionGroup> all = training_groups(settings);
  all.push_back(model_group(settings));
  all.push_back({"Network", fields(settings.network)});
  return all;
}

/// The options of a run with any kind of network, each once.
std::vector<Field> every_option(TrainSettings& settings) {
  std::vector<Field> all;
  std::vector<OptionGroup> known = training_groups(settings);
  known.push_back(model_group(settings));
  for (const OptionGroup& group : known)
    all.insert(all.end(), group.fields.begin(), group.fields.end());
  for (const NetworkOption& option : network_options())
    all.push_back(option.field);
  return all;
}

/// Throws std::runtime_error where the preset describes another kind of network
/// than the one that was asked for.
void check_preset_is_of(const std::string& preset, const std::string& model) {
  if (preset.empty() || !is_network_kind(model)) return;
  const std::string kind = last_text(preset_options(preset), "model", model);
  if (kind != model)
    throw std::runtime_error(
        "--preset " + preset + " describes a network of the kind " + kind +
        ", and --model asks for " + model + "; leave one of them out"
    );
}

/// Throws std::runtime_error for an option that the network does not have.
[[noreturn]] void refuse_option(
    const GivenOption& option, TrainSettings settings
) {
  const std::string kind = kind_of(settings.network);
  for (const NetworkOption& each : network_options()) {
    if (each.field.name != option.name) continue;
    std::vector<std::string> kinds;
    for (const auto& [name, text] : each.defaults) kinds.push_back(name);
    throw std::runtime_error(
        option.where + ": the network " + kind + " has no such option; it " +
        "belongs to --model " + join(kinds, " and ")
    );
  }
  std::vector<std::string> names;
  for (const OptionGroup& group : groups(settings))
    for (const Field& each : group.fields) names.push_back(each.name);
  throw std::runtime_error(
      option.where + ": unknown option '" + option.name + "'" +
      did_you_mean(option.name, names)
  );
}

/// "3", or "cnn 0.25, mlp 0" where kinds of network have other defaults.
std::string defaults_text(
    const std::vector<std::string>& kinds, std::vector<std::string> values
) {
  if (std::set(values.begin(), values.end()).size() == 1) return values.front();
  for (size_t i = 0; i < kinds.size(); ++i)
    values[i] = kinds[i] + " " + values[i];
  return join(values);
}

/// The group of that title, which is added where there is none.
OptionGroup& group_titled(
    std::vector<OptionGroup>& groups, const std::string& title
) {
  for (OptionGroup& group : groups)
    if (group.title == title) return group;
  return groups.emplace_back(OptionGroup{title, {}});
}

}  // namespace

std::vector<OptionGroup> network_groups() {
  std::vector<OptionGroup> all = {{"Network", {}}};
  for (const NetworkOption& option : network_options()) {
    Field shown = option.field;
    shown.help.front() = static_cast<char>(std::toupper(shown.help.front()));
    std::vector<std::string> kinds;
    std::vector<std::string> values;
    for (const auto& [kind, text] : option.defaults) {
      kinds.push_back(kind);
      values.push_back(text.empty() ? "none" : short_number(text));
    }
    if (!shown.is_switch ||
        values != std::vector<std::string>(kinds.size(), "false"))
      shown.help += " (default: " + defaults_text(kinds, values) + ")";
    shown.get = [] { return FieldValue(""); };  // each kind has its own
    const bool every = kinds.size() == network_kinds().size();
    group_titled(
        all, every ? "Network" : "Network, --model " + join(kinds, " or ")
    )
        .fields.push_back(shown);
  }
  for (OptionGroup& group : all) group = described(std::move(group));
  return all;
}

std::vector<OptionGroup> network_option_groups() {
  TrainSettings defaults;
  std::vector<OptionGroup> all = network_groups();
  all.insert(all.begin(), described(model_group(defaults)));
  return all;
}

std::vector<OptionGroup> run_options(TrainSettings defaults) {
  std::vector<OptionGroup> all = network_option_groups();
  for (OptionGroup& group : training_groups(defaults))
    all.push_back(described(std::move(group)));
  return all;
}

TrainSettings resolve(const OptionSources& sources) {
  const std::vector<GivenOption> given = joined(sources);
  check_preset_is_of(sources.preset, last_text(given, "model", ""));
  TrainSettings settings;
  // Each optimiser has a default weight decay of its own.
  OptimizerOptions& optimizer = settings.train.optimizer;
  const std::string kind = last_text(given, "optimizer", optimizer.kind);
  if (is_optimizer(kind))  // any other name is refused below
    optimizer.weight_decay = optimizer_named(kind).default_weight_decay;
  take_model(settings, last_text(given, "model", settings.model));
  const std::vector<OptionGroup> all = groups(settings);
  for (const GivenOption& option : given) {
    if (const Field* target = find_field(all, option.name)) {
      assign(*target, option.text, option.where);
      continue;
    }
    refuse_option(option, settings);
  }
  if (!trains_in_bfloat16(settings.network) &&
      settings.train.precision == "auto")
    settings.train.precision = "fp32";
  return settings;
}

nlohmann::json config_json(
    TrainSettings settings,
    const std::string& preset_name,
    const std::string& data_digest
) {
  nlohmann::json options = nlohmann::json::object();
  for (const OptionGroup& group : groups(settings))
    options.update(to_json(group.fields));
  return {
      {"config_version", kConfigVersion},
      {"digitorch", DIGITORCH_VERSION},
      {"libtorch", TORCH_VERSION},
      {"preset", preset_name},
      {"data_sha256", data_digest},
      {"options", options}};
}

std::vector<GivenOption> options_of_config(const JsonReader& config) {
  check_run_config(config);
  const JsonReader options = config.at("options");
  TrainSettings scratch;  // takes the values, to see whether they fit
  const std::vector<Field> known = every_option(scratch);
  from_json(known, options);
  std::vector<GivenOption> given;
  for (const Field& each : known)
    if (const auto value = options.find(each.name))
      given.push_back({each.name, json_to_text(value->json()), value->where()});
  return given;
}

}  // namespace digitorch
