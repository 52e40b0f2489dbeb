// `digitorch bench`: how fast networks train and classify on this machine.
#include <iomanip>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/commands/registry.h"
#include "app/commands/train/settings.h"
#include "app/commands/train/start.h"
#include "app/system/device.h"
#include "app/system/exit_code.h"
#include "app/system/memory.h"
#include "app/training/benchmark.h"
#include "app/training/precision.h"

namespace digitorch {
namespace {

constexpr double kMebibyte = 1 << 20;

struct BenchOptions {
  std::string model = "cnn";
  std::string preset;
  std::string work = "both";
  std::vector<int64_t> batch_sizes{64, 256};
  std::vector<int64_t> threads{0};
  std::string precision = "fp32";
  int64_t pictures = 10'000;
  int64_t warmup = 5;
  int64_t repetitions = 20;
  std::string device = "auto";
  OutputOptions print;
};

std::vector<OptionGroup> groups(BenchOptions& o) {
  return {
      {"Model",
       {field("model", o.model, join(network_kinds())),
        field(
            "preset",
            o.preset,
            "Network and optimiser of a preset: " + join(preset_names())
        )}},
      network_group(),
      {"Benchmark",
       {field(
            "work",
            o.work,
            {"both", "train", "inference"},
            "What a round does with a batch"
        ),
        field("batch-sizes", o.batch_sizes, {1, 65536}, "Pictures a round"),
        field("threads", o.threads, {0, 1024}, "CPU threads; 0: all cores"),
        field(
            "precision",
            o.precision,
            {"fp32", "tf32", "bf16", "both"},
            "What layers compute with; both: fp32 and bf16"
        ),
        field(
            "pictures",
            o.pictures,
            {1, 1'000'000},
            "Size of the data set that batches are taken from"
        ),
        field("warmup", o.warmup, {0, 100000}, "Rounds that do not count"),
        field("repetitions", o.repetitions, {1, 100000}, "Rounds that count"),
        field(
            "device", o.device, "Where to compute: auto, cpu, cuda or cuda:N"
        )}},
      {"Output", fields(o.print)}};
}

/// The network and optimiser that the preset and the options typed ask for.
TrainSettings settings_for(
    const BenchOptions& options, const Arguments& arguments
) {
  std::vector<GivenOption> given;
  if (!options.preset.empty()) given = preset(options.preset);
  const OptionGroup network = network_group();
  for (const auto& [name, text] : arguments.options)
    if (name == "model" || find_field({network}, name) != nullptr)
      given.push_back({name, text, "--" + name});
  return settings_from(given);
}

std::vector<std::string> precisions(const std::string& text) {
  if (text == "both") return {"fp32", "bf16"};
  return {text};
}

std::vector<Work> works(const std::string& text) {
  if (text == "train") return {Work::train};
  if (text == "inference") return {Work::inference};
  return {Work::train, Work::inference};
}

nlohmann::json to_json(
    const BenchmarkOptions& options, const Benchmark& found, int threads
) {
  const double median = found.median();
  return {
      {"work", options.work == Work::train ? "train" : "inference"},
      {"batch_size", options.batch_size},
      {"threads", threads},
      {"precision", options.precision},
      {"median_seconds", median},
      {"least_seconds", found.min()},
      {"most_seconds", found.max()},
      {"images_per_second", static_cast<double>(options.batch_size) / median},
      {"peak_bytes", found.peak_bytes}};
}

void print_heading() {
  std::cout << "work       batch  threads  precision     median       least    "
               "    most    "
               "images/s  peak memory\n";
}

void print_row(const nlohmann::json& row) {
  const auto milliseconds = [&](const char* name) {
    std::cout << std::setw(9) << 1e3 * row[name].get<double>() << " ms";
  };
  std::cout << std::left << std::setw(10) << row["work"].get<std::string>()
            << std::right << std::setw(6) << row["batch_size"].get<int64_t>()
            << std::setw(9) << row["threads"].get<int>() << std::setw(11)
            << row["precision"].get<std::string>() << std::fixed
            << std::setprecision(3);
  for (const char* name : {"median_seconds", "least_seconds", "most_seconds"})
    milliseconds(name);
  std::cout << std::setprecision(0) << std::setw(12)
            << row["images_per_second"].get<double>() << std::setw(9)
            << static_cast<double>(row["peak_bytes"].get<int64_t>()) / kMebibyte
            << " MiB" << std::endl;
}

int bench(const BenchOptions& options, const Arguments& arguments) {
  if (options.batch_sizes.empty() || options.threads.empty())
    throw std::runtime_error(
        "--batch-sizes or --threads: found none; expected one or more"
    );
  keep_freed_memory();
  TrainSettings settings = settings_for(options, arguments);
  settings.train.precision = precisions(options.precision).back();
  check(settings);
  BenchmarkOptions benchmark{
      .spec = {.network = settings.network},
      .pictures = options.pictures,
      .warmup = options.warmup,
      .rounds = options.repetitions,
      .optimizer = settings.train.optimizer};
  std::vector<std::string> notes;
  const torch::Device device = choose_device(options.device, notes);
  for (const std::string& precision : precisions(options.precision))
    precision_on(device, precision);  // refused before any work
  if (!options.print.quiet) {
    print_notes(notes);
    std::cerr << summary(benchmark.spec) << "; " << device.str() << '\n';
  }
  nlohmann::json results = nlohmann::json::array();
  if (!options.print.json()) print_heading();
  const int64_t all_cores = at::get_num_threads();
  for (const int64_t threads : options.threads) {
    set_threads(threads > 0 ? threads : all_cores);
    for (const Work work : works(options.work))
      for (const std::string& precision : precisions(options.precision))
        for (const int64_t batch_size : options.batch_sizes) {
          benchmark.work = work;
          benchmark.precision = precision;
          benchmark.batch_size = batch_size;
          results.push_back(to_json(
              benchmark, measure(benchmark, device), at::get_num_threads()
          ));
          if (!options.print.json()) print_row(results.back());
        }
  }
  if (options.print.json())
    std::cout
        << nlohmann::
               json{{"model", summary(benchmark.spec)}, {"device", device.str()}, {"results", results}}
                   .dump()
        << '\n';
  return kExitDone;
}

}  // namespace

Command bench_command() {
  const auto options = std::make_shared<BenchOptions>();
  return {
      .name = "bench",
      .summary = "Measure how fast networks train and classify here",
      .paths = "",
      .description =
          "Times rounds of one batch each, on random pictures: training is "
          "gather, convert,\nforward, backward and optimiser; inference is "
          "gather, convert and forward. Every\ncombination of --batch-sizes, "
          "--precision and --threads is a row: median, least and\nmost of the "
          "rounds, and the largest resident memory.",
      .groups = groups(*options),
      .run = [options](const Arguments& given) {
        return bench(*options, given);
      }};
}

}  // namespace digitorch
