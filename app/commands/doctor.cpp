// `digitorch doctor`: what this machine offers, what is missing, and how to get
// it.
#include <ATen/Version.h>
#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <opencv2/core.hpp>

#include "app/cli/option_groups.h"
#include "app/cli/paragraphs.h"
#include "app/cli/terminal.h"
#include "app/commands/registry.h"
#include "app/system/device.h"
#include "app/system/exit_code.h"
#include "app/system/stopwatch.h"
#include "app/system/text.h"
#include "datasets/files/image_format.h"
#include "datasets/named_sets.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

struct DoctorOptions {
  std::string data_dir = "data";
  int64_t threads = 0;
  OutputOptions output;
};

std::vector<OptionGroup> groups(DoctorOptions& o) {
  return {
      {"Data",
       {with_value(
           field(
               "data-dir", o.data_dir, "Folder that holds the named data sets"
           ),
           "FOLDER"
       )}},
      {"Computing",
       {field(
           "threads", o.threads, {0, 1024}, "CPU threads; 0 uses all cores"
       )}},
      {"Output", fields(o.output)}};
}

struct Finding {
  std::string subject;
  std::string found;
  std::string hint;  ///< How to get what is missing; empty: nothing is.
};

/// The highest speed among several products of two square matrices, which take
/// 2 n^3 operations each.
double measured_gflops() {
  constexpr int64_t kSide = 1024;
  constexpr int kRuns = 8;
  const torch::InferenceMode inference;
  const auto a = torch::rand({kSide, kSide});
  const auto b = torch::rand({kSide, kSide});
  auto product = torch::mm(a, b);
  double best_seconds = 1e9;
  for (int run = 0; run < kRuns; ++run) {
    const Stopwatch watch;
    torch::mm_out(product, a, b);
    best_seconds = std::min(best_seconds, watch.seconds());
  }
  return 2e-9 * kSide * kSide * kSide / best_seconds;
}

/// The value of "NAME=..." in LibTorch's description of its own build.
std::string build_setting(const std::string& name) {
  const std::string config = at::show_config();
  const size_t start = config.find(name + "=");
  if (start == std::string::npos) return "unknown";
  const size_t from = start + name.size() + 1;
  return config.substr(from, config.find_first_of(",\n", from) - from);
}

Finding cuda_finding() {
  std::vector<std::string> notes;
  const torch::Device device = choose_device("auto", notes);
  if (device.is_cuda())
    return {
        "CUDA",
        counted(torch::cuda::device_count(), "GPU") + ", " + device.str() +
            " in use",
        ""};
  return {
      "CUDA",
      "computing on the CPU, since " + join(notes),
      libtorch_has_cuda() ? "check the driver with nvidia-smi"
                          : "to use a GPU, run scripts/setup.sh on a machine "
                            "with one; the CPU works without"};
}

Finding codec_finding() {
  std::string endings;
  for (const std::string& extension : image_extensions())
    endings += (endings.empty() ? "" : " ") + extension.substr(1);
  return {"OpenCV " CV_VERSION, "pictures: " + endings, ""};
}

Finding data_finding(const std::string& name, const std::string& data_dir) {
  const std::string folder =
      std::filesystem::absolute(std::filesystem::path(data_dir) / name)
          .lexically_normal()
          .string();
  try {
    const DataSet data = load_data({.data = name, .data_dir = data_dir});
    return {
        "data " + name,
        folder + ": " + std::to_string(data.train.size()) + " + " +
            std::to_string(data.test.size()) + " pictures",
        ""};
  } catch (const std::runtime_error& error) {
    return {
        "data " + name,
        "not in " + folder + " (" + error.what() + ")",
        "run scripts/fetch_data.sh " + name};
  }
}

std::vector<Finding> examine(const DoctorOptions& options) {
  prepare({.device = "cpu", .threads = options.threads});
  const std::string speed = fmt::format(
      "{:.0f} GFLOP/s measured (float32 matrix product, {})",
      measured_gflops(),
      counted(at::get_num_threads(), "thread")
  );
  std::vector<Finding> findings = {
      {"digitorch", DIGITORCH_VERSION, ""},
      {"LibTorch", TORCH_VERSION ", build " + build_setting("BUILD_TYPE"), ""},
      {"CPU",
       at::get_cpu_capability() + ", BLAS " + build_setting("BLAS_INFO") +
           (at::hasMKLDNN() ? ", oneDNN" : ""),
       ""},
      {"speed", speed, ""},
      cuda_finding(),
      codec_finding()};
  for (const NamedSet& set : named_sets())
    findings.push_back(data_finding(set.name, options.data_dir));
  return findings;
}

int doctor(const DoctorOptions& options) {
  const std::vector<Finding> findings = examine(options);
  if (options.output.json()) {
    nlohmann::json json = nlohmann::json::array();
    for (const Finding& finding : findings)
      json.push_back(
          {{"subject", finding.subject},
           {"found", finding.found},
           {"mend", finding.hint}}
      );
    std::cout << dump_lenient({{"findings", json}}) << '\n';
    return kExitDone;
  }
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Finding& finding : findings) {
    rows.emplace_back(finding.subject, escape_control(finding.found));
    if (!finding.hint.empty()) rows.emplace_back("", "-> " + finding.hint);
  }
  std::cout << two_columns(rows, {.indent = 0, .width = text_width()});
  return kExitDone;
}

}  // namespace

Command doctor_command() {
  const auto options = std::make_shared<DoctorOptions>();
  return {
      .name = "doctor",
      .summary = "Check this machine and the installation",
      .paths = "",
      .examples =
          {{"doctor", "versions, speed, codecs and data"},
           {"doctor --format json", "the same for programs"}},
      .description =
          "Checks LibTorch, the threads, CUDA, OpenCV and the data sets, and "
          "says how to fix what is missing.",
      .groups = groups(*options),
      .run = [options](const Arguments&) { return doctor(*options); }};
}

}  // namespace digitorch
