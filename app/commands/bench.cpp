// `digitorch bench`: how fast networks train and classify on this machine.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/cli/table.h"
#include "app/commands/registry.h"
#include "app/commands/train/presets.h"
#include "app/commands/train/settings.h"
#include "app/commands/train/start.h"
#include "app/system/device.h"
#include "app/system/exit_code.h"
#include "app/system/memory.h"
#include "app/training/benchmark.h"
#include "app/training/precision.h"
#include "models/kernels/conv_pool_cpu.h"
#include "models/kernels/product.h"
#include "models/options/fields_json.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

constexpr double kMebibyte = 1 << 20;

struct BenchOptions {
  PictureOptions form;
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
  std::vector<OptionGroup> all = network_option_groups();
  const std::vector<Field> form = fields(o.form);
  all.push_back(
      {"Benchmark",
       {preset_field(o.preset),
        field(
            "work",
            o.work,
            {"both", "train", "inference"},
            "What a round does with its batch"
        ),
        field("batch-sizes", o.batch_sizes, {1, 65536}, "Batch sizes to try"),
        field(
            "threads",
            o.threads,
            {0, 1024},
            "Numbers of CPU threads to try; 0 uses all cores"
        ),
        field(
            "precision",
            o.precision,
            {"fp32", "tf32", "bf16", "both"},
            "Number type of the layers; both tries fp32 and bf16"
        ),
        field(
            "pictures",
            o.pictures,
            {1, 1'000'000},
            "Size of the data set that batches are taken from"
        ),
        form[1],
        form[2],
        field("warmup", o.warmup, {0, 100000}, "Rounds that are not measured"),
        field("repetitions", o.repetitions, {1, 100000}, "Rounds to measure"),
        device_field(o.device)}}
  );
  all.push_back({"Output", fields(o.print)});
  return all;
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
      {"cores", found.cores},
      {"precision", options.precision},
      {"median_seconds", median},
      {"least_seconds", found.min()},
      {"most_seconds", found.max()},
      {"images_per_second", static_cast<double>(options.batch_size) / median},
      {"peak_bytes", found.peak_bytes}};
}

const Table& bench_table() {
  static const Table columns{
      {{"work", 9, Column::Side::left},
       {"batch", 5},
       {"threads", 7},
       {"cores", 5},
       {"type", 4},
       {"median ms", 9},
       {"min ms", 9},
       {"max ms", 9},
       {"images/s", 8},
       {"MiB", 5}},
      /*gap=*/1};
  return columns;
}

std::string bench_row(const nlohmann::json& result) {
  const auto milliseconds = [&](const char* name) {
    return fmt::format("{:.3f}", 1e3 * result[name].get<double>());
  };
  return bench_table().row(
      {result["work"],
       json_to_text(result["batch_size"]),
       json_to_text(result["threads"]),
       fmt::format("{:.1f}", result["cores"].get<double>()),
       result["precision"],
       milliseconds("median_seconds"),
       milliseconds("least_seconds"),
       milliseconds("most_seconds"),
       fmt::format("{:.0f}", result["images_per_second"].get<double>()),
       fmt::format(
           "{:.0f}",
           static_cast<double>(result["peak_bytes"].get<int64_t>()) / kMebibyte
       )}
  );
}

/// The pictures of the preset's network, or of another size where one is typed.
InputFormat input_of(PictureOptions preset, const PictureOptions& typed) {
  if (typed.image_size > 0) preset.image_size = typed.image_size;
  if (typed.channels_in > 0) preset.channels_in = typed.channels_in;
  return resolved(preset.wish(), InputFormat(), {});
}

/// What the networks of ours compute with on a CPU.
nlohmann::json kernels_json() {
  return {
      {"convolutions", conv_pool_instructions()},
      {"products", product_library()}};
}

std::string kernels_text() {
  return "convolutions " + conv_pool_instructions() + ", products " +
         product_library();
}

int bench(const BenchOptions& options, const Arguments& typed) {
  if (options.batch_sizes.empty() || options.threads.empty())
    throw std::runtime_error(
        "--batch-sizes or --threads: found none; expected one or more"
    );
  keep_freed_memory();
  TrainSettings settings =
      resolve({.preset = options.preset, .typed = typed.options});
  settings.train.precision = precisions(options.precision).back();
  settings.data.form =
      picture_options(input_of(settings.data.form, options.form));
  check(settings);
  BenchmarkOptions benchmark{
      .spec =
          {.network = settings.network,
           .input = input_of(settings.data.form, options.form)},
      .pictures = options.pictures,
      .warmup = options.warmup,
      .rounds = options.repetitions,
      .optimizer = settings.train.optimizer};
  std::vector<std::string> notes;
  const torch::Device device = choose_device(options.device, notes);
  for (const std::string& precision : precisions(options.precision))
    precision_on(device, precision);  // throws before any work is done
  if (!options.print.quiet) {
    std::cerr << summary(benchmark.spec) << "; " << device.str()
              << (device.is_cpu() ? "; " + kernels_text() : "") << '\n';
  }
  nlohmann::json results = nlohmann::json::array();
  if (!options.print.json()) std::cout << bench_table().heading();
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
          if (!options.print.json())
            std::cout << bench_row(results.back()) << std::flush;
        }
  }
  if (options.print.json()) {
    nlohmann::json all = {
        {"model", summary(benchmark.spec)},
        {"device", device.str()},
        {"results", results}};
    if (device.is_cpu()) all["kernels"] = kernels_json();
    std::cout << dump_lenient(all) << '\n';
  }
  return kExitDone;
}

}  // namespace

Command bench_command() {
  const auto options = std::make_shared<BenchOptions>();
  return {
      .name = "bench",
      .summary = "Measure how fast networks train and classify here",
      .paths = "",
      .examples =
          {{"bench", "the default network"},
           {"bench --preset quick --work train", "training a small one"},
           {"bench --threads 1,2 --batch-sizes 1,256", "four settings"}},
      .description =
          "A round is one batch of random pictures. A round of training "
          "gathers "
          "and converts the batch and does the forward pass, the backward pass "
          "and the step of the optimizer; a round of inference ends after the "
          "forward pass. Each combination of --batch-sizes, --precision and "
          "--threads gives a row: how many cores the program kept busy, since "
          "batches too small to share take one thread however many there are; "
          "median, minimum and maximum time of a round; and the peak resident "
          "memory.",
      .common =
          {"model",
           "preset",
           "work",
           "batch-sizes",
           "threads",
           "precision",
           "repetitions",
           "device"},
      .groups = groups(*options),
      .run = [options](const Arguments& given) {
        return bench(*options, given);
      }};
}

}  // namespace digitorch
