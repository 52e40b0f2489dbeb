// `digitorch doctor`: what this machine offers, and what mends what is missing.
#include <ATen/Version.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <sstream>

#include "app/cli/option_groups.h"
#include "app/commands/registry.h"
#include "app/system/device.h"
#include "app/system/exit_code.h"
#include "app/system/stopwatch.h"
#include "app/system/text.h"
#include "datasets/files/image_header.h"
#include "datasets/named_sets.h"

namespace digitorch {
namespace {

struct DoctorOptions {
  std::string data_dir = "data";
  int64_t threads = 0;
  OutputOptions output;
};

std::vector<OptionGroup> groups(DoctorOptions& o) {
  return {
      {"Data", {field("data-dir", o.data_dir, "Where the named sets lie")}},
      {"Computing",
       {field("threads", o.threads, {0, 1024}, "CPU threads; 0: all cores")}},
      {"Output", fields(o.output)}};
}

struct Finding {
  std::string subject;
  std::string found;
  std::string mend;  ///< Empty: all is well.
};

/// The best of several products of two square matrices; 2 n^3 operations each.
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

/// The value of "NAME=..." or the version after a name in LibTorch's own
/// description of its build.
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
        std::to_string(torch::cuda::device_count()) + " GPU(s), " +
            device.str() + " in use",
        ""};
  std::string reason = notes.empty() ? "not available" : notes.front();
  return {
      "CUDA",
      reason,
      libtorch_has_cuda() ? "check the driver with nvidia-smi"
                          : "to use a GPU, run scripts/setup.sh on a machine "
                            "with one; the CPU works without"};
}

Finding codec_finding() {
  std::string present;
  std::string missing;
  for (const std::string& extension : image_extensions()) {
    std::string& list =
        cv::haveImageWriter("x" + extension) ? present : missing;
    list += (list.empty() ? "" : " ") + extension.substr(1);
  }
  return {
      "OpenCV " CV_VERSION,
      "reads " + present + (missing.empty() ? "" : "; not " + missing),
      missing.empty() ? "" : "install libopencv-dev of your distribution"};
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
  std::vector<std::string> notes;
  prepare({.device = "cpu", .threads = options.threads}, notes);
  std::ostringstream speed;
  speed << std::fixed << std::setprecision(0) << measured_gflops()
        << " GFLOP/s measured (float32 matrix product, "
        << at::get_num_threads() << " threads)";
  std::vector<Finding> findings = {
      {"digitorch", DIGITORCH_VERSION, ""},
      {"LibTorch", TORCH_VERSION ", build " + build_setting("BUILD_TYPE"), ""},
      {"CPU",
       at::get_cpu_capability() + ", BLAS " + build_setting("BLAS_INFO") +
           (at::hasMKLDNN() ? ", oneDNN" : ""),
       ""},
      {"speed", speed.str(), ""},
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
           {"mend", finding.mend}}
      );
    std::cout << nlohmann::json{{"findings", json}}.dump() << '\n';
    return kExitDone;
  }
  for (const Finding& finding : findings) {
    std::cout << std::left << std::setw(20) << finding.subject
              << escape_control(finding.found) << '\n';
    if (!finding.mend.empty())
      std::cout << std::setw(20) << ""
                << "-> " << finding.mend << '\n';
  }
  return kExitDone;
}

}  // namespace

Command doctor_command() {
  const auto options = std::make_shared<DoctorOptions>();
  return {
      .name = "doctor",
      .summary = "Tell what this machine offers and what is missing",
      .paths = "",
      .description =
          "Looks at LibTorch, threads, CUDA, OpenCV and the data, and says "
          "what "
          "mends what is\nmissing.",
      .groups = groups(*options),
      .run = [options](const Arguments&) { return doctor(*options); }};
}

}  // namespace digitorch
