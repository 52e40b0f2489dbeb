// What a training run is made of: defaults, an earlier run's configuration, a
// preset and the options typed, laid over each other in that order.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "app/cli/option_groups.h"
#include "app/training/options.h"
#include "models/files/checkpoint.h"
#include "models/spec.h"

namespace digitorch {

struct TrainSettings {
  std::string model = "cnn";  ///< A kind of network, or a checkpoint file.
  NetworkOptions network;     ///< Of that kind.
  TrainOptions train;
  DataOptions data;
  ComputeOptions compute;
};

/// Every field that config.json holds, referring to `settings`.
std::vector<OptionGroup> groups(TrainSettings& settings);

/// The options of all kinds of network, for help and for checking values; the
/// help of each tells the kinds' defaults. They refer to values of their own.
OptionGroup network_group();

/// Options by name, as text, each with where it was given.
struct GivenOption {
  std::string name;
  std::string text;
  std::string where;
};

/// The settings that result when `given` are applied in order to the defaults,
/// where the weight decay is 0 for other optimisers than adamw. Throws
/// std::runtime_error for an option that the network does not have.
TrainSettings settings_from(const std::vector<GivenOption>& given);

/// The options of a named preset. Throws std::runtime_error naming all presets
/// where there is none of this name.
std::vector<GivenOption> preset(const std::string& name);
std::vector<std::string> preset_names();

/// config.json's content: options under "options", and what they were used on.
nlohmann::json config_json(
    TrainSettings settings,
    const std::string& preset,
    const std::string& data_digest
);

/// The options that config.json holds. Throws std::runtime_error naming `where`
/// for content of another form.
std::vector<GivenOption> options_of_config(
    const nlohmann::json& config, const std::string& where
);

/// How resuming treats options that differ from those the run began with.
/// Throws std::runtime_error listing each with its old and new value where one
/// cannot be changed, or only with --allow-changes. Returns a warning for
/// changes that end bit-exact repetition, if there are any.
std::optional<std::string> check_changes(
    const std::vector<GivenOption>& old_options,
    const std::vector<GivenOption>& given,
    bool allow_changes
);

}  // namespace digitorch
