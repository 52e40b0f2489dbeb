// `digitorch train`: from options to a run folder with a trained network.
#include <unistd.h>

#include <filesystem>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "app/cli/terminal.h"
#include "app/commands/registry.h"
#include "app/commands/train/event_log.h"
#include "app/commands/train/origin.h"
#include "app/commands/train/outcome.h"
#include "app/commands/train/plan.h"
#include "app/commands/train/preparation.h"
#include "app/commands/train/progress.h"
#include "app/commands/train/start.h"
#include "app/predict/model_file.h"
#include "app/system/device.h"
#include "app/system/exit_code.h"
#include "app/system/memory.h"
#include "app/system/signals.h"
#include "app/system/stopwatch.h"
#include "app/system/text.h"
#include "app/training/class_balance.h"
#include "app/training/data_facts.h"
#include "datasets/files/read_file.h"

namespace digitorch {
namespace {

void check_digest(const Plan& plan, const std::string& digest) {
  if (plan.data_digest.empty() || plan.data_digest == digest) return;
  throw std::runtime_error(
      "--data " + plan.settings.data.data + ": found pictures with SHA-256 " +
      digest + "; expected " + plan.data_digest + ", as the run had"
  );
}

/// Says how to continue the run, and returns the exit code of an interruption.
int stopped(const RunFolder& folder, const OutputOptions& output) {
  if (!output.quiet)
    std::cerr << "\nstopped and saved; to go on: digitorch train --resume "
              << escape_control(folder.path().string()) << '\n';
  return 128 + interrupt_signal();
}

void announce(
    const RunIdentity& run,
    const DataSet& data,
    torch::Device device,
    const std::vector<std::string>& why_cpu
) {
  std::cerr << summary(run.spec) << "; "
            << counted(data.train.size(), "picture") << ", "
            << run.class_names.size() << " classes; " << device.str();
  if (!why_cpu.empty()) std::cerr << " (" << join(why_cpu) << ")";
  std::cerr << ", " << counted(at::get_num_threads(), "thread") << '\n';
}

struct Loaded {
  DataSet data;
  std::string digest;
  double seconds;
};

/// Reads the pictures, in a thread of its own where a GPU may have to be made
/// ready meanwhile, which takes about as long.
std::future<Loaded> start_loading(
    const TrainSettings& settings, const DataLocation& from
) {
  const bool alone = settings.compute.device == "cpu";
  return std::async(alone ? std::launch::deferred : std::launch::async, [from] {
    const Stopwatch watch;
    Loaded loaded{.data = load_data(from)};
    loaded.digest = data_digest(loaded.data.train);
    loaded.seconds = watch.seconds();
    return loaded;
  });
}

/// Keeps the network that a new run begins with, if there is one.
void write_start(const RunFolder& folder, const std::string& start) {
  const std::filesystem::path kept = start_file(folder.path());
  std::error_code missing;
  if (start.empty())
    std::filesystem::remove(kept);
  else if (!std::filesystem::equivalent(kept, start, missing))
    folder.write_start(read_file(model_file(start), kMaxCheckpointBytes));
}

/// Writes config.json, with where relative paths in it are found.
void write_config(
    const RunFolder& folder, const Plan& plan, nlohmann::json config
) {
  set_origin(config, plan.origin.empty() ? origin_here() : plan.origin);
  folder.write_config(config);
}

std::string early_stop(int64_t patience, int64_t best_epoch) {
  return "stopped: no gain for " + std::to_string(patience) +
         (patience == 1 ? " epoch" : " epochs") + " (best: epoch " +
         std::to_string(best_epoch) + ")";
}

int train(Plan plan, const CallOptions& call) {
  const OutputOptions& output = call.output;
  TrainSettings& settings = plan.settings;
  check(settings);
  std::vector<std::string> why_cpu;
  // First, since reading pictures uses the threads.
  set_threads(settings.compute.threads);
  std::future<Loaded> loading =
      start_loading(settings, location_from(plan.origin, settings.data));
  const torch::Device device = choose_device(settings.compute.device, why_cpu);
  precision_on(
      device, settings.train.precision
  );  // throws before any work is done
  const Loaded loaded = loading.get();
  const DataSet& data = loaded.data;
  const std::string& digest = loaded.digest;
  print_warnings(data.warnings);
  print_warnings(balance_warnings(data.train));
  check_digest(plan, digest);

  std::optional<Resumed>& resumed = plan.resumed;
  const RunFolder::Loaded* from =
      resumed && resumed->from ? &*resumed->from : nullptr;
  const TrainingStart start =
      from != nullptr
          ? TrainingStart{from->checkpoint.spec, make_model(from->checkpoint.spec)}
          : start_training(settings, plan.start, data.train);
  const auto& model = start.model;
  model->to(device);
  Trainer trainer(*model, data.train, settings.train);
  if (from != nullptr) trainer.restore(from->checkpoint, from->file);

  // From here on there is something to save.
  watch_for_interrupts();
  const RunFolder folder =
      resumed ? std::move(resumed->folder) : RunFolder::create(plan.folder);
  settings.compute = {device.str(), at::get_num_threads()};
  const RunIdentity run{
      start.spec,
      data.train.class_names,
      config_json(settings, plan.preset, digest)};
  if (from == nullptr) write_start(folder, plan.start);
  write_config(folder, plan, run.config);
  // A process may have been killed between writing the last and the best.
  if (from != nullptr && trainer.improved() && trainer.at_epoch_start())
    folder.save_best(trainer, run);
  if (!output.quiet) announce(run, data, device, why_cpu);
  std::optional<EventLog> events;
  if (call.tensorboard) events.emplace(folder.path(), trainer);
  Progress progress(
      {.quiet = output.quiet,
       .terminal = can_redraw(STDERR_FILENO),
       .columns = [] { return terminal_columns(STDERR_FILENO); }},
      [&](const Trainer& at) {
        folder.save(at, run);
        if (events) events->epoch_done(at);
      },
      [] { return interrupt_signal() != 0; }
  );
  const TrainEnd end = trainer.run(progress);
  if (end == TrainEnd::stopped) {
    folder.save(trainer, run);
    if (events) events->stopped(trainer);
    return stopped(folder, output);
  }
  if (end == TrainEnd::out_of_patience)
    progress.note(early_stop(settings.train.patience, trainer.best_epoch()));
  std::optional<nlohmann::json> result = finish_run(
      folder,
      run,
      *model,
      trainer,
      data.test,
      loaded.seconds,
      events ? &*events : nullptr
  );
  if (!result) return stopped(folder, output);
  end_on_interrupts();  // nothing is left to save
  if (call.report)
    (*result)["report"] =
        write_report_of_run(folder, run, *model, trainer, data);
  print_result(*result, output);
  return kExitDone;
}

int run(const CallOptions& call, const Arguments& typed) {
  ignore_file_size_and_pipe_signals();
  keep_freed_memory();
  Plan plan = make_plan(call, typed.options);
  if (const auto result = complete_result(plan)) {
    if (!call.output.quiet)
      std::cerr << escape_control(plan.folder.path.string())
                << ": the run is complete, nothing to do\n";
    if (call.report)
      print_notes(
          {"for a report: digitorch report " + plan.folder.path.string()}
      );
    print_result(*result, call.output);
    return kExitDone;
  }
  return train(std::move(plan), call);
}

}  // namespace

Command train_command() {
  const auto call = std::make_shared<CallOptions>();
  std::vector<OptionGroup> all = run_options();
  for (OptionGroup& group : groups(*call)) all.push_back(std::move(group));
  return {
      .name = "train",
      .summary = "Train a network and keep it in a run folder",
      .paths = "",
      .examples =
          {{"train --preset quick", "MNIST to 99 % in seconds"},
           {"train --report", "the default network, and an HTML report"},
           {"train --model mlp --hidden 256,64", "other layers"},
           {"train --data pictures", "your own classes"}},
      .description =
          "The best epoch is chosen on a validation part of the training set; "
          "the test set is scored once, at the end. A network option applies "
          "only to the kinds of network that its group names.",
      .common =
          {"model",
           "preset",
           "data",
           "epochs",
           "lr",
           "batch-size",
           "hidden",
           "seed",
           "run-dir",
           "resume",
           "config",
           "report"},
      .groups = std::move(all),
      .run = [call](const Arguments& typed) { return run(*call, typed); }};
}

}  // namespace digitorch
