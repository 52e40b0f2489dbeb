// `digitorch sweep`: many trainings of a grid of options, ranked on validation;
// the test part is scored once, for the winner.
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/commands/registry.h"
#include "app/commands/sweep/outcome.h"
#include "app/commands/sweep/run.h"
#include "app/system/memory.h"
#include "app/system/signals.h"
#include "app/training/data_facts.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

// The default fraction of all pictures on which runs are compared.
constexpr double kValidation = 0.2;

struct SweepOptions {
  std::string grid;
  int64_t random = 0;
  double test = 0.1;
  std::string preset;
  std::string run_dir;
  std::string runs_dir = "runs";
  std::string resume;
  OutputOptions print;
};

OptionGroup sweep_group(SweepOptions& o) {
  return {
      "Sweep",
      {with_value(
           field(
               "grid",
               o.grid,
               "An option to vary and its values; more may follow as words"
           ),
           "NAME=LIST"
       ),
       field(
           "random",
           o.random,
           kRandomPoints,
           "Draw this many points at random; 0 tries all points of the grid"
       ),
       field(
           "test",
           o.test,
           kTestPart,
           "Fraction of the pictures on which the best run is scored"
       ),
       preset_field(o.preset),
       with_value(
           field(
               "run-dir",
               o.run_dir,
               "Folder of the sweep (default: a new folder in --runs-dir)"
           ),
           "FOLDER"
       ),
       with_value(
           field(
               "runs-dir",
               o.runs_dir,
               "Folder that gets a new folder for each sweep"
           ),
           "FOLDER"
       ),
       with_value(
           field("resume", o.resume, "Continue the sweep in this folder"),
           "FOLDER"
       )}};
}

int stopped(const SweepFolder& folder, const OutputOptions& print) {
  if (!print.quiet)
    std::cerr << "\nstopped; to go on: digitorch sweep --resume "
              << folder.path().string() << '\n';
  return 128 + interrupt_signal();
}

/// Runs every point that has not been run yet. Returns false where the user
/// interrupted it.
bool run_all(
    Sweep& sweep,
    const SweepFolder& folder,
    const std::vector<SweepPoint>& all,
    const ImageSet& train,
    torch::Device device,
    bool quiet
) {
  while (sweep.runs.size() < all.size()) {
    const auto trained = train_point(
        sweep.plan, all[sweep.runs.size()], train, sweep.data_sha256, device
    );
    if (!trained) return false;
    sweep.runs.push_back(trained->run);
    const bool is_best = best_run(sweep) == sweep.runs.size() - 1;
    if (is_best)
      folder.save_best(*trained->model, trained->identity, trained->run);
    folder.save(sweep);
    if (!quiet) tell_run(sweep, all.size(), is_best);
  }
  return true;
}

/// The options of all runs: those of the preset, the sweep's own defaults, then
/// what was typed.
std::vector<GivenOption> base_options(
    const std::string& preset, const Arguments& typed
) {
  std::vector<GivenOption> base;
  if (!preset.empty()) base = preset_options(preset);
  base.push_back(
      {"validation", to_text(kValidation), "the default of --validation"}
  );
  base.insert(base.end(), typed.options.begin(), typed.options.end());
  return base;
}

SweepPlan plan_of(const SweepOptions& options, const Arguments& arguments) {
  SweepPlan plan{
      .random = options.random,
      .base = base_options(options.preset, arguments),
      .test = options.test};
  std::vector<std::string> words = arguments.paths;
  if (!options.grid.empty()) words.insert(words.begin(), options.grid);
  for (const std::string& word : words) plan.axes.push_back(parse_axis(word));
  return plan;
}

/// A sweep, with the folder that it goes on in, or the folder to create for it.
struct Opened {
  Sweep sweep;
  NewFolder wanted;
  std::optional<SweepFolder> folder;
};

Opened open_sweep(const SweepOptions& options, const Arguments& arguments) {
  if (options.resume.empty()) {
    Opened opened{.sweep = {.plan = plan_of(options, arguments)}};
    check(opened.sweep.plan);
    opened.wanted = options.run_dir.empty()
                        ? NewFolder{fs::path(options.runs_dir) / "sweep", true}
                        : NewFolder{options.run_dir};
    return opened;
  }
  if (!arguments.options.empty() || !options.grid.empty() ||
      !options.preset.empty() || !arguments.paths.empty())
    throw std::runtime_error(
        "--resume: found with other options; expected none, since the sweep "
        "keeps its own"
    );
  if (fs::exists(fs::path(options.resume) / "last.safetensors"))
    throw std::runtime_error(
        options.resume +
        " is the folder of a training run; use digitorch "
        "train --resume " +
        options.resume
    );
  Opened opened;
  opened.folder.emplace(SweepFolder::open(options.resume));
  opened.sweep = opened.folder->load();
  return opened;
}

void check_digest(const Sweep& sweep, const std::string& digest) {
  if (sweep.data_sha256.empty() || sweep.data_sha256 == digest) return;
  throw std::runtime_error(
      "--resume: found pictures with SHA-256 " + digest + "; expected " +
      sweep.data_sha256 + ", as the sweep began with"
  );
}

int run(const SweepOptions& options, const Arguments& arguments) {
  watch_for_interrupts();
  keep_freed_memory();
  Opened opened = open_sweep(options, arguments);
  Sweep& sweep = opened.sweep;
  const std::vector<SweepPoint> all = points(sweep.plan);
  // All runs share data and device.
  const TrainSettings settings = settings_of(sweep.plan, all.front());
  const torch::Device device = prepare(settings.compute);
  const DataSet data = load_data(settings.data.location());
  const std::string digest = data_digest(data.train);
  check_digest(sweep, digest);
  sweep.data_sha256 = digest;
  if (!opened.folder) opened.folder.emplace(SweepFolder::create(opened.wanted));
  const SweepFolder& folder = *opened.folder;
  folder.save(sweep);
  const SweepParts parts = divide(data.train, sweep.plan);
  if (!options.print.quiet) {
    print_warnings(data.warnings);
    std::cerr << counted(std::ssize(all), "run") << "; of "
              << counted(data.train.size(), "picture") << ' '
              << parts.test.size() << " are held out to test the best run\n";
  }
  if (!run_all(sweep, folder, all, parts.train, device, options.print.quiet))
    return stopped(folder, options.print);
  return finish_sweep(sweep, folder, parts.test, options.print);
}

}  // namespace

Command sweep_command() {
  const auto options = std::make_shared<SweepOptions>();
  std::vector<OptionGroup> all = {sweep_group(*options)};
  TrainSettings defaults;
  defaults.train.validation = kValidation;
  for (OptionGroup& group : run_options(defaults))
    all.push_back(std::move(group));
  all.push_back({"Output", fields(options->print)});
  return {
      .name = "sweep",
      .summary = "Search training options for the best on validation",
      .paths = "[NAME=VALUES...]",
      .examples =
          {{"sweep --grid lr=0.01,0.001 --epochs 3", "two runs"},
           {"sweep --preset quick --grid lr=0.01,0.02 hidden=64/128",
            "all four combinations"},
           {"sweep --random 5 --grid lr=0.001..0.1 --epochs 1",
            "five points of a range"}},
      .description =
          "Trains once for every combination of the values, ranks the runs on "
          "a "
          "validation part and scores the best of them once on a test part. "
          "For "
          "an option that is a list, '/' separates the values. Other options "
          "apply to all runs.",
      .common =
          {"grid",
           "random",
           "preset",
           "model",
           "data",
           "epochs",
           "validation",
           "test",
           "run-dir",
           "resume",
           "quiet"},
      .groups = std::move(all),
      .run = [options](const Arguments& given) {
        return run(*options, given);
      }};
}

}  // namespace digitorch
