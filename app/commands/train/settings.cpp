#include "app/commands/train/settings.h"

#include <torch/version.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>

#include "app/cli/help.h"
#include "app/predict/model_file.h"
#include "models/files/run_config.h"
#include "models/options/fields_json.h"
#include "models/options/nearest.h"

namespace digitorch {
namespace {

struct Preset {
  std::string name;
  /// Names and values. The name "preset" stands for the options of another
  /// preset; later options win over earlier ones.
  std::vector<std::pair<std::string, std::string>> options;
};

const std::vector<Preset>& presets() {
  static const std::vector<Preset> table = {
      // The network, optimiser and schedule of PyTorch's MNIST example.
      {"stock", {{"model", "cnn"},         {"channels", "32,64"},
                 {"kernel", "3"},          {"padding", "valid"},
                 {"pool", "1,2"},          {"hidden", "128"},
                 {"batch-norm", "false"},  {"conv-dropout", "0.25"},
                 {"dropout", "0.5"},       {"epochs", "14"},
                 {"batch-size", "64"},     {"optimizer", "adadelta"},
                 {"beta2", "0.9"},         {"lr", "1"},
                 {"schedule", "step"},     {"step-epochs", "1"},
                 {"gamma", "0.7"},         {"augment", "none"},
                 {"label-smoothing", "0"}, {"weight-decay", "0"},
                 {"validation", "0"}}},
      // The first exercise of many textbooks: small sigmoid layers, squared
      // error, and plain gradient descent on batches of ten pictures.
      {"classic",
       {{"model", "scratch"},
        {"hidden", "10,10,10"},
        {"activation", "sigmoid"},
        {"initialisation", "xavier"},
        {"loss", "squared-error"},
        {"label-smoothing", "0"},
        {"optimizer", "sgd"},
        {"momentum", "0"},
        {"weight-decay", "0"},
        {"schedule", "constant"},
        {"lr", "0.5"},
        {"batch-size", "10"},
        {"epochs", "30"},
        {"augment", "none"}}},
      // The well-known recipe that learns MNIST to 99 % in one epoch: the whole
      // training set, a one-cycle schedule with a large learning rate, and
      // little momentum.
      {"fast",
       {{"model", "cnn"},          {"channels", "24,32"}, {"kernel", "5,3"},
        {"padding", "valid"},      {"pool", "2"},         {"hidden", "256"},
        {"batch-norm", "false"},   {"conv-dropout", "0"}, {"dropout", "0"},
        {"epochs", "1"},           {"batch-size", "256"}, {"optimizer", "adam"},
        {"momentum", "0.7"},       {"beta2", "0.9"},      {"lr", "0.01"},
        {"schedule", "one-cycle"}, {"augment", "none"},   {"ema", "0"},
        {"label-smoothing", "0"},  {"weight-decay", "0"}, {"validation", "0"}}},
      // Small pictures in colour, of few or many for each class. Chosen on
      // validation: scripts/measure/README.md has what was tried.
      {"small-photos",
       {{"model", "cnn"},
        {"pictures", "plain"},
        {"image-size", "32"},
        {"channels", "32,64,128"},
        {"kernel", "3"},
        {"padding", "same"},
        {"pool", "2"},
        {"hidden", "256"},
        {"dropout", "0.3"},
        {"epochs", "60"},
        {"batch-size", "32"},
        {"augment", "photos-unmirrored"},
        {"mixup", "0.2"}}},
      // The preset "fast" with a smaller network and label smoothing: equal
      // accuracy on the validation part in less than half the time.
      {"quick",
       {{"preset", "fast"},
        {"channels", "8,32"},
        {"hidden", "128"},
        {"label-smoothing", "0.05"}}},
  };
  return table;
}

std::string last_text(
    const std::vector<GivenOption>& given,
    const std::string& name,
    std::string otherwise
) {
  for (const GivenOption& option : given)
    if (option.name == name) otherwise = option.text;
  return otherwise;
}

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

bool any_network_has(const std::string& name) {
  const std::vector<NetworkOption> all = network_options();
  return std::any_of(all.begin(), all.end(), [&](const NetworkOption& option) {
    return option.field.name == name;
  });
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

/// These options may differ between a run and its continuation: they decide
/// neither the network nor the data, whose digest is compared by itself.
const std::set<std::string> kFreeOptions = {
    "data",
    "data-dir",
    "skip-bad",
    "transpose",
    "patience",
    "epochs",
    "threads",
    "device",
    "graph"};
/// These options decide, with --model, what the network is.
const std::set<std::string> kFormOptions = {
    "pictures", "image-size", "channels-in"};
/// The free options that cannot change any result.
const std::set<std::string> kHarmlessOptions = {
    "data", "data-dir", "skip-bad", "transpose", "patience", "graph"};

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

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& each : presets()) names.push_back(each.name);
  return names;
}

std::vector<GivenOption> preset_options(const std::string& name) {
  for (const Preset& each : presets()) {
    if (each.name != name) continue;
    std::vector<GivenOption> options;
    for (const auto& [option, text] : each.options)
      if (option == "preset")
        options = preset_options(text);
      else
        options.push_back({option, text, "--preset " + name + ": " + option});
    return options;
  }
  throw std::runtime_error(
      "--preset: found '" + name + "'; expected one of " +
      join(preset_names()) + did_you_mean(name, preset_names())
  );
}

Field preset_field(std::string& preset) {
  return with_value(
      field(
          "preset",
          preset,
          "Named set of options: " + join(preset_names()) +
              "; options typed beside it win"
      ),
      "NAME",
      preset_names()
  );
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

std::optional<std::string> check_changes(
    const std::vector<GivenOption>& old_options,
    const std::vector<GivenOption>& typed,
    bool allow_changes
) {
  std::vector<std::string> fixed;
  std::vector<std::string> guarded;
  std::vector<std::string> inexact;
  for (const GivenOption& option : typed) {
    const std::string old_text = last_text(old_options, option.name, "");
    if (option.text == old_text) continue;
    const std::string change =
        "--" + option.name + " was " + old_text + ", now " + option.text;
    if (option.name == "model" || kFormOptions.contains(option.name) ||
        any_network_has(option.name))
      fixed.push_back(change);
    else if (!kFreeOptions.contains(option.name) && !allow_changes)
      guarded.push_back(change);
    else if (!kHarmlessOptions.contains(option.name))
      inexact.push_back(change);
  }
  if (!fixed.empty())
    throw std::runtime_error(
        "--resume: " + join(fixed) +
        "; expected the network that the run began with"
    );
  if (!guarded.empty())
    throw std::runtime_error(
        "--resume: " + join(guarded) +
        "; expected the run's own options (--allow-changes takes new ones)"
    );
  if (inexact.empty()) return std::nullopt;
  return join(inexact) + ": not bit-exact with the run undisturbed";
}

}  // namespace digitorch
