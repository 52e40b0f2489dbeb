#include "app/commands/train/plan.h"

#include <ctime>
#include <stdexcept>
#include <utility>

#include "app/commands/train/changes.h"
#include "app/commands/train/origin.h"
#include "app/commands/train/presets.h"
#include "app/predict/model_file.h"
#include "models/files/run_config.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

std::string anew(const fs::path& folder) {
  return folder.string() +
         ": a run began here and ended before anything was saved; it begins "
         "anew";
}

void note(const CallOptions& call, const std::string& text) {
  if (!call.output.quiet) print_notes({text});
}

fs::path folder_to_resume(const CallOptions& call) {
  if (call.resume != "auto") return call.resume;
  if (!call.run_dir.empty()) return call.run_dir;
  if (const auto newest = newest_run(call.runs_dir)) {
    note(call, newest->note);
    return newest->folder;
  }
  throw std::runtime_error(
      "--resume auto: found no run in " + call.runs_dir +
      "; expected one with a last.safetensors"
  );
}

/// The options with another --model, of which the network is made, where theirs
/// names a checkpoint rather than a kind of network.
std::vector<GivenOption> with_start(
    std::vector<GivenOption> options, const std::string& checkpoint
) {
  for (GivenOption& option : options)
    if (option.name == "model" && !is_network_kind(option.text))
      option.text = checkpoint;
  return options;
}

std::string model_in(const std::vector<GivenOption>& options) {
  std::string model;
  for (const GivenOption& option : options)
    if (option.name == "model") model = option.text;
  return model;
}

/// The checkpoint that a run with these options began with, as a path from
/// here: the one kept in its folder, else the one that --model named. Empty
/// where it began with none.
std::string start_of(
    const std::vector<GivenOption>& options,
    const fs::path& folder,
    const std::string& origin
) {
  const std::string model = model_in(options);
  if (model.empty() || is_network_kind(model)) return "";
  const fs::path kept = start_file(folder);
  return fs::exists(kept) ? kept.string() : path_from(origin, model);
}

Plan plan_new_run(
    const CallOptions& call, const std::vector<GivenOption>& typed
) {
  OptionSources sources{.preset = call.preset, .typed = typed};
  Plan plan{.preset = call.preset};
  std::string model;  // as the configuration names it
  if (!call.config.empty()) {
    const nlohmann::json config = read_json(call.config);
    sources.configuration = options_of_config({config, call.config});
    plan.data_digest = config.value("data_sha256", "");
    plan.origin = origin_in(config);
    if (!config.contains("config_version"))
      print_notes(
          {call.config + ": has no config_version; read as version " +
           std::to_string(kConfigVersion)}
      );
    plan.start = start_of(
        sources.configuration, fs::path(call.config).parent_path(), plan.origin
    );
    model = model_in(sources.configuration);
    sources.configuration = with_start(sources.configuration, plan.start);
    if (call.preset.empty()) plan.preset = config.value("preset", "");
  }
  plan.settings = resolve(sources);
  if (plan.settings.model == plan.start && !plan.start.empty())
    plan.settings.model = model;
  else
    plan.start =
        is_network_kind(plan.settings.model) ? "" : plan.settings.model;
  plan.folder = call.run_dir.empty()
                    ? NewFolder{
                          fs::path(call.runs_dir) /
                              dated_name(kind_of(plan.settings.network)),
                          /*numbered=*/true}
                    : NewFolder{call.run_dir};
  if (!plan.folder.numbered && is_unsaved_run(plan.folder.path))
    note(call, anew(plan.folder.path));
  return plan;
}

/// The checkpoint to go on from; none where nothing was saved.
std::optional<RunFolder::Loaded> load_last(
    const RunFolder& folder, const CallOptions& call
) {
  if (is_unsaved_run(folder.path())) {
    note(call, anew(folder.path()));
    return std::nullopt;
  }
  std::vector<std::string> warnings;
  auto loaded = folder.load_last(call.resume == "auto", warnings);
  print_warnings(warnings);
  if (run_config(loaded.checkpoint, loaded.file).is_null())
    throw std::runtime_error(
        loaded.file +
        ": found a model without training state; expected a "
        "run's last.safetensors"
    );
  return loaded;
}

Plan plan_resumed_run(
    const CallOptions& call, const std::vector<GivenOption>& typed
) {
  if (!call.config.empty() || !call.preset.empty())
    throw std::runtime_error(
        "--resume goes on with the options of the run; leave out --config and "
        "--preset"
    );
  const fs::path path = folder_to_resume(call);
  if (fs::exists(path / "sweep.json"))
    throw std::runtime_error(
        path.string() +
        " is the folder of a sweep; use digitorch sweep --resume " +
        path.string()
    );
  RunFolder folder = RunFolder::open(path);
  auto loaded = load_last(folder, call);
  const std::string where = (folder.path() / "config.json").string();
  // A folder that came without its config.json goes on, too.
  const nlohmann::json beside =
      fs::exists(where) ? folder.config() : nlohmann::json();
  const nlohmann::json config =
      loaded ? run_config(loaded->checkpoint, loaded->file) : beside;
  const auto old_options = options_of_config(
      loaded ? JsonReader(config, loaded->file, "training_state.config")
             : JsonReader(config, where)
  );
  if (const auto inexact =
          check_changes(old_options, typed, call.allow_changes))
    print_warnings({*inexact});

  Plan plan{
      .preset = config.value("preset", ""),
      .data_digest = config.value("data_sha256", ""),
      .folder = NewFolder{folder.path()},
      .origin = origin_in(beside)};
  for (const GivenOption& option : typed)
    if (option.name == "data" || option.name == "data-dir")
      plan.origin = origin_here();
  // The network is the saved one's, wherever that came from.
  plan.start = start_of(old_options, folder.path(), plan.origin);
  plan.settings = resolve_continued(
      {.configuration = old_options, .typed = typed},
      loaded ? loaded->file : plan.start
  );
  plan.opened.emplace(std::move(folder));
  plan.from = std::move(loaded);
  return plan;
}

}  // namespace

std::vector<OptionGroup> groups(CallOptions& call) {
  return {
      {"Run",
       {with_value(
            field(
                "run-dir",
                call.run_dir,
                "Folder of this run (default: a new folder in --runs-dir)"
            ),
            "FOLDER"
        ),
        with_value(
            field(
                "runs-dir",
                call.runs_dir,
                "Folder that gets a new folder for each run"
            ),
            "FOLDER"
        ),
        preset_field(call.preset),
        with_value(
            field("config", call.config, "Repeat the run of this config.json"),
            "FILE"
        ),
        with_value(
            field(
                "resume",
                call.resume,
                "Continue the run in this folder; auto: the newest run, from "
                "its previous checkpoint if the last one is damaged"
            ),
            "FOLDER",
            {"auto"}
        ),
        field(
            "allow-changes",
            call.allow_changes,
            "Resume with options that change the results"
        ),
        field("report", call.report, "Write report.html into the run's folder"),
        field(
            "tensorboard",
            call.tensorboard,
            "Write an event file for TensorBoard into the run's folder"
        )}},
      {"Processes",
       {field(
            "processes",
            call.processes,
            {1, 1024},
            "Processes on this machine that share the work"
        ),
        field(
            "rank-timeout",
            call.rank_timeout,
            {1, 86400},
            "Seconds to wait for another process, also one started by torchrun"
        )}},
      {"Output", fields(call.output)}};
}

std::string dated_name(const std::string& what) {
  const std::time_t now = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%d-%H%M%S", std::localtime(&now));
  return std::string(text) + "-" + what;
}

Plan make_plan(const CallOptions& call, const std::vector<GivenOption>& typed) {
  return call.resume.empty() ? plan_new_run(call, typed)
                             : plan_resumed_run(call, typed);
}

Plan plan_restarted_run(
    const fs::path& folder,
    const CallOptions& call,
    const std::vector<GivenOption>& typed
) {
  CallOptions again = call;
  again.run_dir = folder.string();
  if (!has_checkpoint(folder)) return plan_new_run(again, typed);
  again.config.clear();
  again.preset.clear();
  again.resume = "auto";
  return plan_resumed_run(again, typed);
}

TrainSettings resolve_continued(
    OptionSources sources, const std::string& checkpoint
) {
  const std::string model = model_in(sources.configuration);
  sources.configuration = with_start(sources.configuration, checkpoint);
  TrainSettings settings = resolve(sources);
  if (settings.model == checkpoint) settings.model = model;
  return settings;
}

std::optional<nlohmann::json> complete_result(const Plan& plan) {
  if (!plan.opened || !plan.from) return std::nullopt;
  const RunFolder::Loaded& from = *plan.from;
  const int64_t done =
      epochs_done({from.checkpoint.training_state, from.file, "training_state"}
      );
  if (plan.settings.train.epochs > done) return std::nullopt;
  return plan.opened->result();
}

}  // namespace digitorch
