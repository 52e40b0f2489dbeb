// `digitorch train`: from options to a run folder with a trained network.
#include <fmt/format.h>
#include <unistd.h>

#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>

#include "app/cli/table.h"
#include "app/cli/terminal.h"
#include "app/commands/registry.h"
#include "app/commands/train/plan.h"
#include "app/commands/train/progress.h"
#include "app/commands/train/start.h"
#include "app/evaluation/accuracy.h"
#include "app/report/html/write_report.h"
#include "app/system/exit_code.h"
#include "app/system/memory.h"
#include "app/system/signals.h"
#include "app/system/stopwatch.h"
#include "app/training/data_facts.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

nlohmann::json or_null(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
}

nlohmann::json result_of(const Trainer& trainer, const RunFolder& folder) {
  double seconds = 0;
  int64_t samples = 0;
  for (const EpochReport& row : trainer.history()) {
    seconds += row.seconds;
    samples += row.samples;
  }
  return {
      {"epochs", trainer.history().size()},
      {"train_seconds", seconds},
      {"samples_per_second", static_cast<double>(samples) / seconds},
      {"validation_accuracy", or_null(trainer.best_validation_accuracy())},
      {"test_accuracy", nullptr},
      {"checkpoint", folder.best().string()},
      {"run_dir", folder.path().string()},
      {"best_epoch", trainer.best_epoch()}};
}

/// Scores the test set, once, with the weights that validation chose.
void score_on_test(
    nlohmann::json& result,
    Classifier& model,
    const Trainer& trainer,
    const ImageSet& test
) {
  if (test.size() == 0) return;
  load_state_dict(model, trainer.best_weights(), "best weights");
  const Evaluation score = evaluate(model, test, kEvaluationBatch);
  result["test_accuracy"] = accuracy(score);
  result["test_loss"] = score.loss;
}

void print(const nlohmann::json& result, const OutputOptions& output) {
  if (output.json()) {
    std::cout << dump_lenient(result) << '\n';
    return;
  }
  std::vector<std::pair<std::string, std::string>> rows;
  if (!result["validation_accuracy"].is_null())
    rows.emplace_back(
        "validation accuracy",
        fmt::format(
            "{} (epoch {})",
            percent(result["validation_accuracy"]),
            result["best_epoch"].get<int64_t>()
        )
    );
  if (!result["test_accuracy"].is_null())
    rows.emplace_back("test accuracy", percent(result["test_accuracy"]));
  rows.emplace_back(
      "trained",
      fmt::format(
          "{} in {:.0f} s ({:.0f} images/s)",
          counted(result["epochs"].get<int64_t>(), "epoch"),
          result["train_seconds"].get<double>(),
          result["samples_per_second"].get<double>()
      )
  );
  rows.emplace_back("model", result["checkpoint"]);
  const std::string run = result["run_dir"];
  if (result.contains("report"))
    rows.emplace_back("report", result["report"]);
  else
    rows.emplace_back("report", "digitorch report " + run);
  rows.emplace_back("use it", "digitorch classify --model " + run + " PICTURE");
  const Table table{
      {{"", 19, Column::Side::left}, {"", 0, Column::Side::left}}};
  for (const auto& [name, text] : rows) std::cout << table.row({name, text});
}

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
              << folder.path().string() << '\n';
  return 128 + interrupt_signal();
}

/// Scores the weights of the best epoch on the test set and completes the
/// folder.
nlohmann::json finish(
    const RunFolder& folder,
    const RunIdentity& run,
    Classifier& model,
    const Trainer& trainer,
    const ImageSet& test,
    double load_seconds
) {
  nlohmann::json result = result_of(trainer, folder);
  result["load_seconds"] = load_seconds;
  score_on_test(result, model, trainer, test);
  folder.save_best(trainer, run, {{"test_accuracy", result["test_accuracy"]}});
  folder.write_result(result);
  return result;
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

/// Writes the report of the run, whose best weights `model` has, and returns
/// its path.
std::string report(
    const RunFolder& folder,
    const RunIdentity& run,
    Classifier& model,
    const Trainer& trainer,
    const ImageSet& test
) {
  return write_report(
             folder.path() / "report.html",
             model,
             {.path = folder.path(),
              .weights = folder.best(),
              .spec = run.spec,
              .config = run.config,
              .history = {trainer.history(), trainer.steps()},
              .data = text_in_json(run.config["options"]["data"])},
             test
  )
      .path.string();
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

int train(Plan plan, const CallOptions& call) {
  const OutputOptions& output = call.output;
  TrainSettings& settings = plan.settings;
  check(settings);
  std::vector<std::string> why_cpu;
  std::future<Loaded> loading = start_loading(settings);
  const torch::Device device = prepare(settings.compute, why_cpu);
  precision_on(
      device, settings.train.precision
  );  // throws before any work is done
  const Loaded loaded = loading.get();
  const DataSet& data = loaded.data;
  const std::string& digest = loaded.digest;
  print_warnings(data.warnings);
  check_digest(plan, digest);

  std::optional<Resumed>& resumed = plan.resumed;
  const TrainingStart start =
      resumed ? TrainingStart{resumed->from.checkpoint.spec,
                              make_model(resumed->from.checkpoint.spec)}
              : start_training(settings, data.train);
  const auto& model = start.model;
  model->to(device);
  Trainer trainer(*model, data.train, settings.train);
  if (resumed) trainer.restore(resumed->from.checkpoint, resumed->from.file);

  const RunFolder folder =
      resumed ? std::move(resumed->folder) : RunFolder::create(plan.folder);
  settings.compute = {device.str(), at::get_num_threads()};
  const RunIdentity run{
      start.spec,
      data.train.class_names,
      config_json(settings, plan.preset, digest)};
  folder.write_config(run.config);
  if (!output.quiet) announce(run, data, device, why_cpu);
  Progress progress(
      {.quiet = output.quiet,
       .terminal = can_redraw(STDERR_FILENO),
       .columns = [] { return terminal_columns(STDERR_FILENO); }},
      [&](const Trainer& at) { folder.save(at, run); },
      [] { return interrupt_signal() != 0; }
  );
  const TrainEnd end = trainer.run(progress);
  if (end == TrainEnd::stopped) {
    folder.save(trainer, run);
    return stopped(folder, output);
  }
  if (end == TrainEnd::out_of_patience && !output.quiet)
    std::cerr << "stopped early: no better epoch in " << settings.train.patience
              << " (best: epoch " << trainer.best_epoch() << ")\n";
  nlohmann::json result =
      finish(folder, run, *model, trainer, data.test, loaded.seconds);
  if (call.report)
    result["report"] = report(folder, run, *model, trainer, data.test);
  print(result, output);
  return kExitDone;
}

int run(const CallOptions& call, const Arguments& typed) {
  watch_for_interrupts();
  keep_freed_memory();
  Plan plan = make_plan(call, typed.options);
  if (const auto result = complete_result(plan)) {
    if (!call.output.quiet)
      std::cerr << plan.folder.path.string()
                << ": the run is complete, nothing to do\n";
    if (call.report)
      print_notes(
          {"for a report: digitorch report " + plan.folder.path.string()}
      );
    print(*result, call.output);
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
