// `digitorch train`: from options to a run folder with a trained network.
#include <unistd.h>

#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>

#include "app/cli/terminal.h"
#include "app/commands/registry.h"
#include "app/commands/train/plan.h"
#include "app/commands/train/progress.h"
#include "app/commands/train/ranks.h"
#include "app/commands/train/result.h"
#include "app/commands/train/start.h"
#include "app/system/copies.h"
#include "app/system/exit_code.h"
#include "app/system/memory.h"
#include "app/system/signals.h"
#include "app/system/stopwatch.h"
#include "app/training/data_facts.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

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

/// For ranks other than the first, which show nothing.
class UntilStopped : public TrainObserver {
 public:
  bool should_stop() override { return interrupt_signal() != 0; }
};

/// Says how to continue the run.
void say_stopped(const RunFolder& folder, const OutputOptions& output) {
  if (output.quiet) return;
  std::cerr << "\nstopped and saved; to go on: digitorch train --resume "
            << folder.path().string() << '\n';
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
std::future<Loaded> start_loading(const TrainSettings& settings) {
  const bool alone = settings.compute.device == "cpu";
  return std::async(
      alone ? std::launch::deferred : std::launch::async,
      [from = settings.data.location()] {
        const Stopwatch watch;
        Loaded loaded{.data = load_data(from)};
        loaded.digest = data_digest(loaded.data.train);
        loaded.seconds = watch.seconds();
        return loaded;
      }
  );
}

/// Trains as rank 0, which alone has the folder, or as another one.
int train_and_report(
    Trainer& trainer,
    const RunFolder* folder,
    const RunIdentity& run,
    Classifier& model,
    const Loaded& loaded,
    const CallOptions& call,
    int64_t patience,
    World& world
) {
  const OutputOptions& output = call.output;
  std::unique_ptr<TrainObserver> observer = std::make_unique<UntilStopped>();
  if (folder)
    observer = std::make_unique<Progress>(
        Progress::Options{
            .quiet = output.quiet,
            .terminal = can_redraw(STDERR_FILENO),
            .columns = [] { return terminal_columns(STDERR_FILENO); }},
        [&](const Trainer& at) { folder->save(at, run); },
        [] { return interrupt_signal() != 0; }
    );
  const TrainEnd end = trainer.run(*observer);
  if (end == TrainEnd::stopped) {
    const int signal = first_nonzero(world, interrupt_signal());
    if (folder) {
      folder->save(trainer, run);
      say_stopped(*folder, output);
    }
    return 128 + signal;
  }
  if (!folder) return kExitDone;
  if (end == TrainEnd::out_of_patience && !output.quiet)
    std::cerr << "stopped early: no better epoch in " << patience
              << " (best: epoch " << trainer.best_epoch() << ")\n";
  print_result(
      finish(
          {*folder, run, model, trainer, loaded.data.test},
          {.load_seconds = loaded.seconds, .report = call.report}
      ),
      output
  );
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
  std::future<Loaded> loading = start_loading(settings);
  const torch::Device device = rank_device(settings.compute, place, why_cpu);
  precision_on(
      device, settings.train.precision
  );  // throws before any work is done
  const Loaded loaded = loading.get();
  const DataSet& data = loaded.data;
  const std::string& digest = loaded.digest;
  if (world.is_first()) print_warnings(data.warnings);
  check_digest(plan, digest);
  check_same_data(world, plan, digest);

  const TrainingStart start =
      plan.from ? TrainingStart{plan.from->checkpoint.spec,
                                make_model(plan.from->checkpoint.spec)}
                : start_training(settings, data.train);
  const auto& model = start.model;
  model->to(device);
  world.use(device);
  Trainer trainer(*model, data.train, settings.train, world);
  if (plan.from) trainer.restore(plan.from->checkpoint, plan.from->file);

  std::optional<RunFolder>& folder = plan.opened;
  if (world.is_first() && !folder)
    folder.emplace(RunFolder::create(plan.folder));
  settings.compute = {device.str(), at::get_num_threads()};
  const RunIdentity run{
      start.spec,
      data.train.class_names,
      config_json(settings, plan.preset, digest)};
  if (folder) {
    folder->write_config(run.config);
    world.keep_for_restart(folder->path().string());
    if (!call.output.quiet) announce(run, data, device, world.size(), why_cpu);
  }
  return train_and_report(
      trainer,
      folder ? &*folder : nullptr,
      run,
      *model,
      loaded,
      call,
      settings.train.patience,
      world
  );
}

int show_complete(const Plan& plan, const CallOptions& call) {
  if (!plan.opened) return kExitDone;  // rank 0 shows it
  if (!call.output.quiet)
    std::cerr << plan.folder.path.string()
              << ": the run is complete, nothing to do\n";
  if (call.report)
    print_notes({"for a report: digitorch report " + plan.folder.path.string()}
    );
  print_result(*plan.opened->result(), call.output);
  return kExitDone;
}

int run(const CallOptions& call, const Arguments& typed) {
  watch_for_interrupts();
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
