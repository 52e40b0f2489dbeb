#include "app/commands/train/plan.h"

#include <ctime>
#include <stdexcept>
#include <utility>

#include "app/predict/model_file.h"
#include "models/files/run_config.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

std::string new_run_name(const TrainSettings& settings) {
  const std::time_t now = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%d-%H%M%S", std::localtime(&now));
  return std::string(text) + "-" + kind_of(settings.network);
}

fs::path folder_to_resume(const CallOptions& call) {
  if (call.resume != "auto") return call.resume;
  if (!call.run_dir.empty()) return call.run_dir;
  if (const auto newest = newest_run(call.runs_dir)) return *newest;
  throw std::runtime_error(
      "--resume auto: found no run in " + call.runs_dir +
      "; expected one with a last.safetensors"
  );
}

Plan plan_new_run(
    const CallOptions& call, const std::vector<GivenOption>& typed
) {
  OptionSources sources{.preset = call.preset, .typed = typed};
  Plan plan{.preset = call.preset};
  if (!call.config.empty()) {
    const nlohmann::json config = read_json(call.config);
    sources.configuration = options_of_config({config, call.config});
    if (!config.contains("config_version"))
      print_notes(
          {call.config + ": has no config_version; read as version " +
           std::to_string(kConfigVersion)}
      );
    plan.data_digest = config.value("data_sha256", "");
    if (call.preset.empty()) plan.preset = config.value("preset", "");
  }
  plan.settings = resolve(sources);
  plan.folder = call.run_dir.empty()
                    ? NewFolder{
                          fs::path(call.runs_dir) / new_run_name(plan.settings),
                          /*numbered=*/true}
                    : NewFolder{call.run_dir};
  return plan;
}

Plan plan_resumed_run(
    RunFolder folder,
    bool fall_back,
    const CallOptions& call,
    const std::vector<GivenOption>& typed
) {
  std::vector<std::string> warnings;
  auto loaded = folder.load_last(fall_back, warnings);
  const nlohmann::json config = run_config(loaded.checkpoint, loaded.file);
  if (config.is_null())
    throw std::runtime_error(
        loaded.file +
        ": found a model without training state; expected a "
        "run's last.safetensors"
    );
  const auto old_options =
      options_of_config({config, loaded.file, "training_state.config"});
  if (const auto inexact =
          check_changes(old_options, typed, call.allow_changes))
    warnings.push_back(*inexact);
  print_warnings(warnings);
  return {
      resolve({.configuration = old_options, .typed = typed}),
      config.value("preset", ""),
      config.value("data_sha256", ""),
      NewFolder{folder.path()},
      std::move(folder),
      std::move(loaded)};
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
        field(
            "report", call.report, "Write report.html into the run's folder"
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

Plan make_plan(const CallOptions& call, const std::vector<GivenOption>& typed) {
  if (call.resume.empty()) return plan_new_run(call, typed);
  if (!call.config.empty() || !call.preset.empty())
    throw std::runtime_error(
        "--resume goes on with the options of the run; leave out --config and "
        "--preset"
    );
  const fs::path path = folder_to_resume(call);
  if (fs::exists(path / "sweep.json"))
    throw std::runtime_error(
        path.string() +
        " is the folder of a sweep; use digitorch sweep "
        "--resume " +
        path.string()
    );
  return plan_resumed_run(
      RunFolder::open(path),
      /*fall_back=*/call.resume == "auto",
      call,
      typed
  );
}

Plan plan_restarted_run(
    const fs::path& folder,
    const CallOptions& call,
    const std::vector<GivenOption>& typed
) {
  if (!fs::exists(folder)) return plan_new_run(call, typed);
  RunFolder opened = RunFolder::open(folder);
  if (opened.has_checkpoint())
    return plan_resumed_run(std::move(opened), /*fall_back=*/true, call, typed);
  Plan plan = plan_new_run(call, typed);
  plan.folder = {opened.path()};
  plan.opened.emplace(std::move(opened));
  return plan;
}

std::optional<nlohmann::json> complete_result(const Plan& plan) {
  if (!plan.from || !plan.opened) return std::nullopt;
  const RunFolder::Loaded& from = *plan.from;
  const int64_t done =
      epochs_done({from.checkpoint.training_state, from.file, "training_state"}
      );
  if (plan.settings.train.epochs > done) return std::nullopt;
  return plan.opened->result();
}

}  // namespace digitorch
