// The settings of a training run, made from the defaults, the configuration of
// an earlier run, a preset and the options typed, laid over each other in that
// order.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "app/cli/option_groups.h"
#include "app/training/options.h"
#include "models/files/checkpoint.h"
#include "models/options/json_reader.h"
#include "models/spec.h"

namespace digitorch {

struct TrainSettings {
  std::string model = "cnn";  ///< A kind of network, or a checkpoint file.
  NetworkOptions network;     ///< The options of that network.
  TrainOptions train;
  DataOptions data;
  ComputeOptions compute;
};

/// Where options come from. Later members win over earlier ones, and later
/// options over earlier ones of the same name.
struct OptionSources {
  std::vector<GivenOption> configuration = {};  ///< Of an earlier run.
  std::string preset = "";                      ///< A preset's name, or none.
  std::vector<GivenOption> typed = {};
};

/// The settings that result when all sources are laid over the defaults. Unless
/// a source says otherwise, weight decay is 0 for optimisers other than adamw,
/// and "scratch" computes in fp32. Throws std::runtime_error naming the place
/// of an option that the network does not have or whose value does not fit, and
/// for an unknown preset.
TrainSettings resolve(const OptionSources&);

/// The options of a run for the command line, with the values of `defaults`:
/// those of every kind of network among them. Commands get them as text, and
/// hand them to resolve().
std::vector<OptionGroup> run_options(TrainSettings defaults = {});

/// The options of every kind of network, with each kind's default: those of all
/// kinds first.
std::vector<OptionGroup> network_groups();

/// The first groups of run_options(): the model, and network_groups().
std::vector<OptionGroup> network_option_groups();

/// The content of config.json: the options under "options", and what they were
/// used on.
nlohmann::json config_json(
    TrainSettings settings,
    const std::string& preset,
    const std::string& data_digest
);

/// The options that a config.json holds. Throws std::runtime_error naming the
/// key for content of another form than check_run_config() asks for, for an
/// unknown option and for a value that does not fit.
std::vector<GivenOption> options_of_config(const JsonReader& config);

}  // namespace digitorch
