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
#include "app/commands/train/ranks.h"
#include "app/commands/train/start.h"
#include "app/predict/model_file.h"
#include "app/system/copies.h"
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

/// Ranks on machines with other files would train something else.
void check_same_data(
    World& world, const Plan& plan, const std::string& digest
) {
  const std::string first = bytes_of_first(world, digest);
  if (digest == first) return;
  throw std::runtime_error(
      "--data " + plan.settings.data.data + ": rank " +
      std::to_string(world.rank()) + " found pictures with SHA-256 " + digest +
      "; expected " + first + ", as rank 0 has"
  );
}

/// Says how to continue the run, and returns the exit code of an interruption.
int stopped(const RunFolder& folder, const OutputOptions& output, int signal) {
  if (!output.quiet)
    std::cerr << "\nstopped and saved; to go on: digitorch train --resume "
              << escape_control(folder.path().string()) << '\n';
  return 128 + signal;
}

void announce(
    const RunIdentity& run,
    const DataSet& data,
    torch::Device device,
    int ranks,
    const std::vector<std::string>& why_cpu
) {
  std::cerr << summary(run.spec) << "; "
            << counted(data.train.size(), "picture") << ", "
            << run.class_names.size() << " classes; " << device.str();
  if (!why_cpu.empty()) std::cerr << " (" << join(why_cpu) << ")";
  std::cerr << ", " << counted(at::get_num_threads(), "thread");
  if (ranks > 1) std::cerr << ", " << ranks << " processes";
  std::cerr << '\n';
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

/// A run that is about to take its first step.
struct ReadyRun {
  const CallOptions& call;
  World& world;
  const Loaded& loaded;
  const RunIdentity& identity;
  Classifier& model;
  Trainer& trainer;
};

/// For ranks other than the first, which show and write nothing.
class UntilStopped : public TrainObserver {
 public:
  bool should_stop() override { return interrupt_signal() != 0; }
};

int train_beside_first(const ReadyRun& run) {
  UntilStopped observer;
  if (run.trainer.run(observer) != TrainEnd::stopped) return kExitDone;
  return 128 + first_nonzero(run.world, interrupt_signal());
}

/// Writes what the folder of a run has before its first step.
void begin_folder(
    const RunFolder& folder, const Plan& plan, const ReadyRun& run
) {
  if (!plan.from) write_start(folder, plan.start);
  write_config(folder, plan, run.identity.config);
  // A process may have been killed between writing the last and the best.
  if (plan.from && run.trainer.improved() && run.trainer.at_epoch_start())
    folder.save_best(run.trainer, run.identity);
  run.world.keep_for_restart(folder.path().string());
}

/// Trains as rank 0, which alone has the folder, and reports.
int train_as_first(
    const RunFolder& folder, const TrainOptions& options, const ReadyRun& run
) {
  const auto& [call, world, loaded, identity, model, trainer] = run;
  std::optional<EventLog> events;
  if (call.tensorboard) events.emplace(folder.path(), trainer);
  Progress progress(
      {.quiet = call.output.quiet,
       .terminal = can_redraw(STDERR_FILENO),
       .mixes = options.mixup > 0,
       .columns = [] { return terminal_columns(STDERR_FILENO); }},
      [&](const Trainer& at) {
        folder.save(at, run.identity);
        if (events) events->epoch_done(at);
      },
      [] { return interrupt_signal() != 0; }
  );
  const TrainEnd end = trainer.run(progress);
  if (end == TrainEnd::stopped) {
    const int signal = first_nonzero(world, interrupt_signal());
    folder.save(trainer, identity);
    if (events) events->stopped(trainer);
    return stopped(folder, call.output, signal);
  }
  if (end == TrainEnd::out_of_patience)
    progress.note(early_stop(options.patience, trainer.best_epoch()));
  std::optional<nlohmann::json> result = finish_run(
      folder,
      identity,
      model,
      trainer,
      loaded.data.test,
      loaded.seconds,
      events ? &*events : nullptr
  );
  if (!result) return stopped(folder, call.output, interrupt_signal());
  end_on_interrupts();  // nothing is left to save
  if (call.report)
    (*result)["report"] =
        write_report_of_run(folder, identity, model, trainer, loaded.data);
  print_result(*result, call.output);
  return kExitDone;
}

int train(
    Plan plan,
    const CallOptions& call,
    const std::optional<RankEnvironment>& place,
    World& world
) {
  TrainSettings& settings = plan.settings;
  check(settings);
  std::vector<std::string> why_cpu;
  // First, since reading pictures uses the threads.
  set_threads(settings.compute.threads);
  std::future<Loaded> loading =
      start_loading(settings, location_from(plan.origin, settings.data));
  const torch::Device device = rank_device(settings.compute, place, why_cpu);
  precision_on(
      device, settings.train.precision
  );  // throws before any work is done
  const Loaded loaded = loading.get();
  const DataSet& data = loaded.data;
  if (world.is_first()) {
    print_warnings(data.warnings);
    print_warnings(balance_warnings(data.train));
  }
  check_digest(plan, loaded.digest);
  check_same_data(world, plan, loaded.digest);

  const TrainingStart start =
      plan.from ? TrainingStart{plan.from->checkpoint.spec,
                                make_model(plan.from->checkpoint.spec)}
                : start_training(settings, plan.start, data.train);
  if (const std::string text = start.transfer.text();
      !text.empty() && world.is_first() && !call.output.quiet)
    print_notes({settings.model + ": the new network " + text});
  start.model->to(device);
  world.use(device);
  Trainer trainer(*start.model, data.train, settings.train, world);
  if (plan.from) trainer.restore(plan.from->checkpoint, plan.from->file);

  // From here on there is something to save.
  watch_for_interrupts();
  settings.compute = {device.str(), at::get_num_threads()};
  const RunIdentity identity{
      start.spec,
      data.train.class_names,
      config_json(settings, plan.preset, loaded.digest)};
  const ReadyRun run{call, world, loaded, identity, *start.model, trainer};
  if (!world.is_first()) return train_beside_first(run);
  const RunFolder folder =
      plan.opened ? std::move(*plan.opened) : RunFolder::create(plan.folder);
  begin_folder(folder, plan, run);
  if (!call.output.quiet)
    announce(identity, data, device, world.size(), why_cpu);
  return train_as_first(folder, settings.train, run);
}

int show_complete(const Plan& plan, const CallOptions& call) {
  if (!plan.opened) return kExitDone;  // rank 0 shows it
  if (!call.output.quiet)
    std::cerr << escape_control(plan.folder.path.string())
              << ": the run is complete, nothing to do\n";
  if (call.report)
    print_notes({"for a report: digitorch report " + plan.folder.path.string()}
    );
  print_result(*plan.opened->result(), call.output);
  return kExitDone;
}

int run(const CallOptions& call, const Arguments& typed) {
  ignore_file_size_and_pipe_signals();
  end_with_starter();
  const std::optional<RankEnvironment> place = place_of(call);
  if (!place && call.processes > 1) return start_ranks(call);
  keep_freed_memory();
  return run_as_rank(
      place.value_or(RankEnvironment{}),
      call,
      [&](World& world) {
        Plan plan = shared_plan(
            world, place ? place->restarts : 0, call, typed.options
        );
        return plan.is_complete ? show_complete(plan, call)
                                : train(std::move(plan), call, place, world);
      }
  );
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
