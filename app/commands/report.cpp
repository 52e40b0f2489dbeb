// `digitorch report`: a run or a model in one HTML file.
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
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "report.html";

struct ReportOptions {
  std::string output;
  ComputeOptions compute;
  OutputOptions print;
};

std::vector<OptionGroup> groups(ReportOptions& o) {
  DataOptions of_run{.data = "", .data_dir = ""};
  return {
      {"Report",
       {with_value(
           field(
               "output",
               o.output,
               "File to write (default: report.html beside the model)"
           ),
           "FILE"
       )}},
      described({"Data", fields(of_run)}),
      {"Computing", fields(o.compute)},
      {"Output", fields(o.print)}};
}

/// A run's folder or a checkpoint, opened.
struct Subject {
  fs::path folder;  ///< Where the report goes.
  LoadedCheckpoint model;
  History history;
};

/// The history from the run's last checkpoint, which has the times of epochs,
/// unlike the best one.
History history_of_run(const fs::path& run, const Checkpoint& best) {
  const fs::path last = run / "last.safetensors";
  if (fs::exists(last)) return history_of(read_checkpoint(last), last.string());
  return history_of(best, run.string());
}

Subject open_subject(const fs::path& path) {
  const bool is_run = fs::is_directory(path);
  const fs::path file = checkpoint_file(path.string());
  if (!fs::exists(file))
    throw std::runtime_error(path.string() + ": no such file or run folder");
  LoadedCheckpoint model = load_checkpoint(file.string());
  History history = is_run ? history_of_run(path, model.checkpoint)
                           : history_of(model.checkpoint, file.string());
  return {file.parent_path(), std::move(model), std::move(history)};
}

/// The data of the run, with the options typed laid over them.
DataOptions data_of(const LoadedModel& model, const Arguments& typed) {
  DataOptions data;
  const std::vector<Field> all = fields(data);
  if (!model.config.is_null())
    assign_known(
        all,
        options_of_config({model.config, model.name, "training_state.config"})
    );
  assign_known(all, typed.options);
  return data;
}

/// The test set of the run's own data; of other data the pictures that `eval`
/// scores.
ImageSet test_pictures(
    const LoadedModel& model, const DataOptions& data, bool is_other_data
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
  return with_classes(std::move(test), model.class_names, model.name);
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
  const torch::Device device = prepare(options.compute);
  const Subject subject = open_subject(typed.paths.front());
  const LoadedCheckpoint& model = subject.model;
  const DataOptions data = data_of(model, typed);
  const ImageSet test = test_pictures(model, data, typed.has("data"));
  model.classifier->to(device);
  const WrittenReport written = write_report(
      options.output.empty() ? subject.folder / kFileName
                             : fs::path(options.output),
      *model.classifier,
      {.path = typed.paths.front(),
       .weights = model.name,
       .spec = model.checkpoint.spec,
       .config = model.config,
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
      .summary = "Write an HTML report on a run or model",
      .paths = "RUN|CHECKPOINT",
      .examples =
          {{"report runs/quickstart", "runs/quickstart/report.html"},
           {"report runs/quickstart --output run.html", "elsewhere"}},
      .description =
          "One HTML file that browsers open offline: learning curves, the "
          "accuracy of each class, a confusion table that leads to the "
          "misclassified pictures, calibration, the network's layers and the "
          "configuration. Without --data it scores the data that the run was "
          "tested on.",
      .groups = groups(*options),
      .run = [options](const Arguments& given) {
        return report(*options, given);
      }};
}

}  // namespace digitorch
