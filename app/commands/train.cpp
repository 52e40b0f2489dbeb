// `digitorch train`: from options to a run folder with a trained network.
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>

#include "app/commands/commands.h"
#include "app/commands/progress.h"
#include "app/commands/train_settings.h"
#include "app/predict/open_model.h"
#include "app/system/errors.h"
#include "app/system/signals.h"
#include "app/training/data_facts.h"
#include "app/training/run_folder.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kTestBatch = 1000;

/// Options that belong to this call, not to the run.
struct CallOptions {
  std::string config;
  std::string preset;
  std::string resume;
  bool allow_changes = false;
  std::string runs_dir = "runs";
  std::string run_dir;
  OutputOptions output;
};

std::vector<OptionGroup> groups(CallOptions& call) {
  std::vector<std::string> presets = preset_names();
  return {
      {"Run",
       {field("run-dir", call.run_dir, "Folder of this run (a new one below)"),
        field("runs-dir", call.runs_dir, "Where runs without a name go"),
        field("preset", call.preset, "Named set of options"),
        field("config", call.config, "Repeat the run of this config.json"),
        field(
            "resume",
            call.resume,
            "Go on with this run's folder; auto: the newest, mending damage"
        ),
        field(
            "allow-changes",
            call.allow_changes,
            "Resume with options that change the results"
        )}},
      {"Output", fields(call.output)}
  };
}

/// A run that goes on: its folder, held, and its checkpoint.
struct Resumed {
  RunFolder folder;
  RunFolder::Loaded from;
};

/// A run about to be trained.
struct Plan {
  TrainSettings settings;
  std::string preset;
  std::string data_digest;  ///< Expected; empty: any.
  fs::path path;            ///< Of the run's folder.
  std::optional<Resumed> resumed;
};

std::vector<GivenOption> typed_options(const Arguments& arguments) {
  CallOptions call;
  const std::vector<OptionGroup> of_call = groups(call);
  std::vector<GivenOption> given;
  for (const auto& [name, text] : arguments.options)
    if (find_field(of_call, name) == nullptr)
      given.push_back({name, text, "--" + name});
  return given;
}

std::vector<GivenOption> operator+(
    std::vector<GivenOption> a,
    const std::vector<GivenOption>& b
) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

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
    const CallOptions& call,
    const std::vector<GivenOption>& typed
) {
  std::vector<GivenOption> given;
  std::string digest;
  std::string preset_name = call.preset;
  if (!call.config.empty()) {
    const nlohmann::json config = read_json(call.config);
    given = options_of_config(config, call.config);
    digest = config.value("data_sha256", "");
    if (preset_name.empty()) preset_name = config.value("preset", "");
  }
  if (!call.preset.empty()) given = given + preset(call.preset);
  const TrainSettings settings = settings_from(given + typed);
  const fs::path path =
      call.run_dir.empty()
          ? unused_path(call.runs_dir, new_run_name(settings))
          : fs::path(call.run_dir);
  return {settings, preset_name, digest, path, std::nullopt};
}

Plan plan_resumed_run(
    const CallOptions& call,
    const std::vector<GivenOption>& typed
) {
  if (!call.config.empty() || !call.preset.empty())
    throw std::runtime_error(
        "--resume: found with --config or --preset; expected the run's own "
        "options"
    );
  RunFolder folder = RunFolder::open(folder_to_resume(call));
  std::vector<std::string> warnings;
  auto loaded = folder.load_last(call.resume == "auto", warnings);
  const nlohmann::json& state = loaded.checkpoint.training_state;
  if (!state.is_object() || !state.contains("config"))
    throw std::runtime_error(
        loaded.file + ": found a model without training state; expected a "
                      "run's last.safetensors"
    );
  const nlohmann::json config = state["config"];
  const auto old_options = options_of_config(config, loaded.file);
  if (const auto inexact =
          check_changes(old_options, typed, call.allow_changes))
    warnings.push_back(*inexact);
  print_warnings(warnings);
  return {
      settings_from(old_options + typed),
      config.value("preset", ""),
      config.value("data_sha256", ""),
      folder.path(),
      Resumed{std::move(folder), std::move(loaded)}
  };
}

ModelSpec spec_for(const TrainSettings& settings, const Digits& train) {
  const PixelStatistics pixels = pixel_statistics(train);
  return {
      .network = settings.network,
      .classes = static_cast<int64_t>(train.class_names.size()),
      .mean = pixels.mean,
      .deviation = pixels.deviation
  };
}

/// A network to begin with: freshly initialised, or with a checkpoint's
/// weights.
std::unique_ptr<Classifier> initial_model(
    const TrainSettings& settings,
    ModelSpec& spec
) {
  torch::manual_seed(static_cast<uint64_t>(settings.train.seed));
  const auto kinds = network_kinds();
  if (std::find(kinds.begin(), kinds.end(), settings.model) != kinds.end())
    return make_model(spec);
  const Checkpoint start = read_checkpoint(settings.model);
  if (start.spec.classes != spec.classes)
    throw std::runtime_error(
        settings.model + ": found a model of " +
        std::to_string(start.spec.classes) + " classes; expected " +
        std::to_string(spec.classes) + ", as the data has"
    );
  spec.mean = start.spec.mean;
  spec.deviation = start.spec.deviation;
  auto model = make_model(spec);
  load_state_dict(*model, start.weights, settings.model);
  return model;
}

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
      {"best_epoch", trainer.best_epoch()}
  };
}

/// The one look at the test set, with the weights that validation chose.
void score_on_test(
    nlohmann::json& result,
    Classifier& model,
    const Trainer& trainer,
    const Digits& test
) {
  if (test.size() == 0) return;
  load_state_dict(model, trainer.best_weights(), "best weights");
  const Evaluation score = evaluate(model, test, kTestBatch);
  result["test_accuracy"] = score.accuracy();
  result["test_loss"] = score.loss;
}

void print(const nlohmann::json& result, const OutputOptions& output) {
  if (output.json()) {
    std::cout << result.dump() << '\n';
    return;
  }
  const auto shown = [&](const char* name) {
    return result[name].is_null() ? "-" : percent(result[name]);
  };
  std::cout << "validation accuracy  " << shown("validation_accuracy")
            << " (epoch " << result["best_epoch"] << ")\n"
            << "test accuracy        " << shown("test_accuracy") << '\n'
            << "trained              " << result["epochs"] << " epochs in "
            << static_cast<int64_t>(result["train_seconds"].get<double>() + 0.5)
            << " s ("
            << static_cast<int64_t>(result["samples_per_second"].get<double>())
            << " images/s)\n"
            << "model                "
            << result["checkpoint"].get<std::string>() << '\n';
}

/// What can be known to be wrong before data are read and a folder is made.
void check(const TrainSettings& settings) {
  NetworkOptions network = settings.network;
  make_model({.network = network});
  // Batch norm learns from differences within a batch.
  for (const Field& option : fields(network))
    if (option.name == "batch-norm" && option.get() == true &&
        settings.train.batch_size == 1)
      throw std::runtime_error(
          "--batch-size: found 1 with --batch-norm; expected 2 or more"
      );
}

void check_digest(const Plan& plan, const std::string& digest) {
  if (plan.data_digest.empty() || plan.data_digest == digest) return;
  throw std::runtime_error(
      "--data " + plan.settings.data.data + ": found pictures with SHA-256 " +
      digest + "; expected " + plan.data_digest + ", as the run had"
  );
}

/// Whoever stopped the run learns how to go on with it.
int stopped(const RunFolder& folder, const OutputOptions& output) {
  if (!output.quiet)
    std::cerr << "\nstopped and saved; to go on: digitorch train --resume "
              << folder.path().string() << '\n';
  return 128 + interrupt_signal();
}

/// Puts the weights of the best epoch to the test and completes the folder.
nlohmann::json finish(
    const RunFolder& folder,
    const RunIdentity& run,
    Classifier& model,
    const Trainer& trainer,
    const Digits& test
) {
  nlohmann::json result = result_of(trainer, folder);
  score_on_test(result, model, trainer, test);
  folder.save_best(trainer, run, {{"test_accuracy", result["test_accuracy"]}});
  folder.write_result(result);
  return result;
}

void announce(
    const RunIdentity& run,
    const DataSet& data,
    torch::Device device,
    const std::vector<std::string>& notes
) {
  print_notes(notes);
  std::cerr << summary(run.spec) << "; " << data.train.size() << " pictures, "
            << run.class_names.size() << " classes; " << device.str() << ", "
            << at::get_num_threads() << " threads\n";
}

int train(Plan plan, const OutputOptions& output) {
  TrainSettings& settings = plan.settings;
  check(settings);
  std::vector<std::string> notes;
  const torch::Device device = prepare(settings.compute, notes);
  const DataSet data = load_data(settings.data.location());
  print_warnings(data.warnings);
  const std::string digest = data_digest(data.train);
  check_digest(plan, digest);

  std::optional<Resumed>& resumed = plan.resumed;
  ModelSpec spec = resumed ? resumed->from.checkpoint.spec
                           : spec_for(settings, data.train);
  const auto model = resumed ? make_model(spec) : initial_model(settings, spec);
  model->to(device);
  Trainer trainer(*model, data.train, settings.train);
  if (resumed) trainer.restore(resumed->from.checkpoint, resumed->from.file);

  const RunFolder folder = resumed ? std::move(resumed->folder)
                                   : RunFolder::create(plan.path);
  settings.compute = {device.str(), at::get_num_threads()};
  const RunIdentity run{
      spec, data.train.class_names, config_json(settings, plan.preset, digest)
  };
  folder.write_config(run.config);
  if (!output.quiet) announce(run, data, device, notes);
  Progress progress(
      {.quiet = output.quiet, .terminal = isatty(STDERR_FILENO) == 1},
      [&](const Trainer& at) { folder.save(at, run); },
      [] { return interrupt_signal() != 0; }
  );
  if (trainer.run(progress) == TrainEnd::stopped) {
    folder.save(trainer, run);
    return stopped(folder, output);
  }
  print(finish(folder, run, *model, trainer, data.test), output);
  return kExitDone;
}

/// The result of a run that has nothing left to do.
std::optional<nlohmann::json> complete_result(const Plan& plan) {
  if (!plan.resumed) return std::nullopt;
  const nlohmann::json& state = plan.resumed->from.checkpoint.training_state;
  if (plan.settings.train.epochs > state.value("epoch", int64_t{0}))
    return std::nullopt;
  return plan.resumed->folder.result();
}

int run(const CallOptions& call, const Arguments& arguments) {
  watch_for_interrupts();
  const std::vector<GivenOption> typed = typed_options(arguments);
  Plan plan = call.resume.empty() ? plan_new_run(call, typed)
                                  : plan_resumed_run(call, typed);
  if (const auto result = complete_result(plan)) {
    if (!call.output.quiet)
      std::cerr << plan.path.string()
                << ": the run is complete, nothing to do\n";
    print(*result, call.output);
    return kExitDone;
  }
  return train(std::move(plan), call.output);
}

}  // namespace

Command train_command() {
  struct Options {
    TrainSettings settings;
    CallOptions call;
  };
  const auto options = std::make_shared<Options>();
  std::vector<OptionGroup> all = groups(options->settings);
  all[1] = network_group();
  for (OptionGroup& group : groups(options->call))
    all.push_back(std::move(group));
  return {
      .name = "train",
      .summary = "Train a network and keep it in a run folder",
      .paths = "",
      .description =
          "Trains a network, choosing the best epoch on a validation part of "
          "the training\nset; the test set is scored once, at the end. Of the "
          "network's options, each kind\nof model has those that name it.",
      .groups = std::move(all),
      .run = [options](const Arguments& given) {
        return run(options->call, given);
      }
  };
}

}  // namespace digitorch
