// `digitorch report`: a run or a model in one HTML file.
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>

#include "app/cli/option_groups.h"
#include "app/commands/registry.h"
#include "app/commands/run_data.h"
#include "app/commands/scored_part.h"
#include "app/commands/train/settings.h"
#include "app/predict/model_file.h"
#include "app/report/html/write_report.h"
#include "app/system/exit_code.h"
#include "app/system/text.h"
#include "app/training/run_folder.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "report.html";

struct ReportOptions {
  std::string output;
  std::string compare;
  bool overwrite = false;
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
        ),
        overwrite_field(o.overwrite),
        with_value(
            field(
                "compare",
                o.compare,
                "Another run or checkpoint, whose curves are drawn beside"
            ),
            "RUN"
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
  const fs::path file = model_file(path.string());
  if (!fs::exists(file))
    throw std::runtime_error(path.string() + ": no such file or run folder");
  LoadedCheckpoint model = load_checkpoint(file.string());
  History history = is_run ? history_of_run(path, model.checkpoint)
                           : history_of(model.checkpoint, file.string());
  return {file.parent_path(), std::move(model), std::move(history)};
}

/// Of the run's own data both parts; of other data, and of data without a test
/// part, the pictures that `eval` scores. Other data have no training pictures.
struct ReportData {
  std::optional<ImageSet> train;
  ImageSet test;
};

ReportData report_data(
    const LoadedModel& model, DataLocation data, bool is_other_data
) {
  data.format = exactly(model.classifier->input());
  ReportData found;
  std::vector<std::string> warnings;
  const auto known = [&](ImageSet set) {
    return with_classes(std::move(set), model.class_names, model.name);
  };
  if (!is_other_data) {
    DataSet set = load_data(data);
    warnings = std::move(set.warnings);
    found.test = std::move(set.test);
    found.train = known(std::move(set.train));
  }
  std::vector<std::string> notes;
  if (found.test.size() == 0) {
    warnings.clear();  // the same data are read again
    ScoredPart scored =
        scored_part(part_names().front(), data, model, warnings);
    found.test = std::move(scored.images);
    if (!scored.note.empty()) notes.push_back(std::move(scored.note));
  }
  found.test = known(std::move(found.test));
  print_warnings(warnings);
  print_notes(notes);
  return found;
}

/// The curves of this run and of the other one, or none.
std::vector<RunCurves> compared_curves(
    const fs::path& run, const Subject& subject, const std::string& other
) {
  if (other.empty()) return {};
  const Subject second = open_subject(other);
  for (const auto& [path, history] :
       {std::pair{run, &subject.history}, {fs::path(other), &second.history}})
    if (history->epochs.empty())
      throw std::runtime_error(
          path.string() + ": holds no history of a training to compare"
      );
  return {
      {run.string(), subject.history.epochs}, {other, second.history.epochs}};
}

void print(const WrittenReport& written, const OutputOptions& output) {
  if (!output.json()) {
    std::cout << escape_control(written.path.string()) << '\n';
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
  OutputFile file = report_file(
      options.output.empty() ? subject.folder / kFileName
                             : fs::path(options.output),
      options.overwrite
  );
  file.inputs = {model.name};
  check_output(file);
  const DataOptions data = data_of(model, typed);
  const ReportData pictures =
      report_data(model, location_of(model, data), typed.has("data"));
  model.classifier->to(device);
  const WrittenReport written = write_report(
      file,
      *model.classifier,
      {.path = typed.paths.front(),
       .weights = model.name,
       .spec = model.checkpoint.spec,
       .config = model.config,
       .history = subject.history,
       .data = data.data,
       .train = pictures.train && !model.config.is_null() ? &*pictures.train
                                                          : nullptr,
       .compared =
           compared_curves(typed.paths.front(), subject, options.compare)},
      pictures.test
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
