// `digitorch sweep`: many trainings of a grid of options, ranked on validation;
// the test part is scored once, for the winner.
#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/commands/registry.h"
#include "app/commands/sweep/outcome.h"
#include "app/commands/sweep/work.h"
#include "app/commands/train/origin.h"
#include "app/commands/train/plan.h"
#include "app/commands/train/presets.h"
#include "app/system/copies.h"
#include "app/system/exit_code.h"
#include "app/system/memory.h"
#include "app/system/signals.h"
#include "app/system/text.h"
#include "app/training/class_balance.h"
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
  int64_t processes = 1;
  std::string shard;
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
       ),
       field(
           "processes",
           o.processes,
           {1, 1024},
           "Processes on this machine that train points side by side"
       ),
       field(
           "shard",
           o.shard,
           "I/N: begin with part I of N of the points, in a --run-dir that N "
           "calls share, on one machine or many"
       )}};
}

int stopped(const SweepFolder& folder, const OutputOptions& print) {
  if (!print.quiet)
    std::cerr << "\nstopped; to go on: digitorch sweep --resume "
              << escape_control(folder.path().string()) << '\n';
  return 128 + interrupt_signal();
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

Opened open_existing(const fs::path& path) {
  Opened opened;
  opened.folder.emplace(SweepFolder::open(path));
  opened.sweep = opened.folder->load();
  return opened;
}

Opened open_sweep(const SweepOptions& options, const Arguments& arguments) {
  if (!options.shard.empty() && options.resume.empty() &&
      options.run_dir.empty())
    throw std::runtime_error(
        "--shard: found without --run-dir; expected the folder that all shards "
        "share"
    );
  order_of_shard(1, options.shard);  // throws for a bad one
  if (options.resume.empty()) {
    Opened opened{
        .sweep = {
            .plan = plan_of(options, arguments), .origin = origin_here()}};
    check(opened.sweep.plan);
    opened.wanted =
        options.run_dir.empty()
            ? NewFolder{fs::path(options.runs_dir) / dated_name("sweep"), true}
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
  return open_existing(options.resume);
}

void check_digest(const Sweep& sweep, const std::string& digest) {
  if (sweep.data_sha256.empty() || sweep.data_sha256 == digest) return;
  throw std::runtime_error(
      "--resume: found pictures with SHA-256 " + digest + "; expected " +
      sweep.data_sha256 + ", as the sweep began with"
  );
}

/// The folder of the sweep, which this or another process makes.
SweepFolder folder_of(const SweepOptions& options, const Opened& opened) {
  if (opened.folder) return *opened.folder;
  if (!options.shard.empty())
    return SweepFolder::create_or_join(opened.wanted.path, opened.sweep);
  return SweepFolder::create(opened.wanted, opened.sweep);
}

void announce(const Sweep& sweep, const DataSet& data, int64_t held_out) {
  print_warnings(data.warnings);
  print_warnings(balance_warnings(data.train));
  std::cerr << counted(std::ssize(points(sweep.plan)), "run") << "; of "
            << counted(data.train.size(), "picture") << ' ' << held_out
            << " are held out to test the best run\n";
}

/// Has the points trained, by this process or by copies of it. Returns an exit
/// code where it cannot go on.
std::optional<int> train_all(
    const SweepFolder& folder,
    const SweepWork& work,
    const SweepOptions& options
) {
  if (options.processes > 1) {
    const int code = work_in_processes(folder, options.processes);
    if (interrupt_signal() != 0) return stopped(folder, options.print);
    if (code != kExitDone && code != kExitEnvironment) return code;
  }
  // Where there are copies, this does what those that were killed have left.
  if (!work_on(folder, work)) return stopped(folder, options.print);
  return std::nullopt;
}

int run(const SweepOptions& options, const Arguments& arguments) {
  ignore_file_size_and_pipe_signals();
  end_with_starter();
  keep_freed_memory();
  const auto of_copies = folder_of_copies();
  Opened opened =
      of_copies ? open_existing(*of_copies) : open_sweep(options, arguments);
  Sweep& sweep = opened.sweep;
  const size_t all = points(sweep.plan).size();
  // All runs share data and device.
  const TrainSettings settings =
      settings_of(sweep.plan, points(sweep.plan).front());
  const torch::Device device = prepare(settings.compute);
  const DataSet data = load_data(location_from(sweep.origin, settings.data));
  const std::string digest = data_digest(data.train);
  check_digest(sweep, digest);
  sweep.data_sha256 = digest;
  // From here on there is something to save.
  watch_for_interrupts();
  const SweepFolder folder = folder_of(options, opened);
  const SweepWork work{
      .parts = divide(data.train, sweep.plan),
      .data_sha256 = digest,
      .device = device,
      .shard = options.shard,
      .quiet = options.print.quiet};
  if (of_copies)
    return work_on(folder, work) ? kExitDone : 128 + interrupt_signal();
  if (!options.print.quiet) announce(sweep, data, work.parts.test.size());
  if (const auto code = train_all(folder, work, options)) return *code;
  const size_t done = folder.load().runs.size();
  if (done == all) {
    end_on_interrupts();  // nothing is left to save
    return finish_sweep(folder, work.parts.test, options.print);
  }
  if (!options.print.quiet)
    std::cerr << counted(static_cast<int64_t>(all - done), "run")
              << " left to the other processes; the last to end "
                 "scores the best run\n";
  return kExitDone;
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
