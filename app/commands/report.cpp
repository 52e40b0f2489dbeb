// `digitorch report`: a run or a model told in one HTML file.
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/cli/option_groups.h"
#include "app/commands/registry.h"
#include "app/commands/train/settings.h"
#include "app/predict/model_file.h"
#include "app/report/html/write_report.h"
#include "app/system/exit_code.h"
#include "models/files/json_text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "report.html";

struct ReportOptions {
  std::string output;
  DataOptions data{.data = "", .data_dir = ""};  ///< The run's, unless typed.
  ComputeOptions compute;
  OutputOptions print;
};

std::vector<OptionGroup> groups(ReportOptions& o) {
  return {
      {"Report",
       {field(
           "output", o.output, "File to write (report.html beside the model)"
       )}},
      {"Data", fields(o.data)},
      {"Computing", fields(o.compute)},
      {"Output", fields(o.print)}};
}

/// A run's folder or a checkpoint, opened.
struct Subject {
  fs::path folder;  ///< Where the report goes.
  std::string file;
  Checkpoint checkpoint;
  nlohmann::json config;  ///< null where the checkpoint has none.
  History history;
};

nlohmann::json config_of(const Checkpoint& checkpoint) {
  const nlohmann::json& state = checkpoint.training_state;
  return state.is_object() ? state.value("config", nlohmann::json())
                           : nlohmann::json();
}

/// A run's last checkpoint tells its whole history with times, which its best
/// one leaves out.
History history_of_run(const fs::path& run, const Checkpoint& best) {
  const fs::path last = run / "last.safetensors";
  if (fs::exists(last)) return history_of(read_checkpoint(last), last.string());
  return history_of(best, run.string());
}

Subject open_subject(const fs::path& path) {
  const bool is_run = fs::is_directory(path);
  const fs::path file = is_run ? path / "best.safetensors" : path;
  if (!fs::exists(file))
    throw std::runtime_error(
        path.string() + ": found no " +
        (is_run ? "best.safetensors" : "such file") +
        "; expected the folder of a run, or a checkpoint"
    );
  Checkpoint checkpoint = read_checkpoint(file);
  History history = is_run ? history_of_run(path, checkpoint)
                           : history_of(checkpoint, file.string());
  return {
      .folder = file.parent_path(),
      .file = file.string(),
      .checkpoint = checkpoint,
      .config = config_of(checkpoint),
      .history = std::move(history)};
}

/// The run's own data, unless others were typed.
DataOptions data_of(const Subject& subject, const Arguments& typed) {
  DataOptions data;
  const std::vector<OptionGroup> group = {{"Data", fields(data)}};
  std::vector<GivenOption> given;
  if (!subject.config.is_null())
    given = options_of_config(subject.config, subject.file);
  for (const auto& [name, text] : typed.options)
    given.push_back({name, text, "--" + name});
  for (const GivenOption& option : given)
    if (const Field* target = find_field(group, option.name))
      assign(*target, option.text, option.where);
  return data;
}

/// What the run put aside for the test; of other data what `eval` scores.
ImageSet test_pictures(
    const Subject& subject, const DataOptions& data, bool is_other_data
) {
  std::vector<std::string> warnings;
  ImageSet test;
  if (is_other_data) {
    EvaluationSet set = load_evaluation_data(data.location());
    test = std::move(set.test);
    warnings = std::move(set.warnings);
  } else {
    DataSet set = load_data(data.location());
    test = std::move(set.test);
    warnings = std::move(set.warnings);
  }
  print_warnings(warnings);
  return with_classes(
      std::move(test), subject.checkpoint.class_names, subject.file
  );
}

void print(const WrittenReport& written, const OutputOptions& output) {
  if (!output.json()) {
    std::cout << written.path.string() << '\n';
    return;
  }
  const nlohmann::json result = {
      {"path", written.path.string()},
      {"bytes", written.bytes},
      {"accuracy", written.accuracy},
      {"expected_calibration_error", written.expected_calibration_error},
      {"samples", written.samples}};
  std::cout << dump_lenient(result) << '\n';
}

int report(const ReportOptions& options, const Arguments& typed) {
  if (typed.paths.size() != 1)
    throw std::runtime_error(
        "report: found " + std::to_string(typed.paths.size()) +
        " paths; expected one, of a run's folder or a checkpoint"
    );
  std::vector<std::string> notes;
  const torch::Device device = prepare(options.compute, notes);
  const Subject subject = open_subject(typed.paths.front());
  const auto model = restore(subject.checkpoint, subject.file);
  const DataOptions data = data_of(subject, typed);
  const ImageSet test = test_pictures(subject, data, typed.has("data"));
  if (!options.print.quiet && !options.print.json()) print_notes(notes);
  model->to(device);
  const WrittenReport written = write_report(
      options.output.empty() ? subject.folder / kFileName
                             : fs::path(options.output),
      *model,
      {.path = typed.paths.front(),
       .weights = subject.file,
       .spec = subject.checkpoint.spec,
       .config = subject.config,
       .history = subject.history,
       .data = data.data},
      test
  );
  print(written, options.print);
  return kExitDone;
}

}  // namespace

Command report_command() {
  const auto options = std::make_shared<ReportOptions>();
  return {
      .name = "report",
      .summary = "Tell a run or a model in one HTML file",
      .paths = "RUN|CHECKPOINT",
      .description =
          "Writes one HTML file that any browser opens, without a network: "
          "learning\ncurves, accuracy by class, a confusion table that opens "
          "the misread pictures,\ncalibration, the network's layers and the "
          "configuration. Without --data it looks\nat what the run itself was "
          "tested on.",
      .groups = groups(*options),
      .run = [options](const Arguments& given) {
        return report(*options, given);
      }};
}

}  // namespace digitorch
