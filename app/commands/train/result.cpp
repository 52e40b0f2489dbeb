#include "app/commands/train/result.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/table.h"
#include "app/evaluation/accuracy.h"
#include "app/report/html/write_report.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

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
  nlohmann::json result = {
      {"epochs", trainer.history().size()},
      {"train_seconds", seconds},
      {"samples_per_second", static_cast<double>(samples) / seconds},
      {"validation_accuracy", or_null(trainer.best_validation_accuracy())},
      {"test_accuracy", nullptr},
      {"checkpoint", folder.best().string()},
      {"run_dir", folder.path().string()},
      {"best_epoch", trainer.best_epoch()}};
  if (trainer.ranks() > 1) {
    result["processes"] = trainer.ranks();
    result["exchange_seconds"] = trainer.exchange_seconds();
  }
  return result;
}

/// Scores the test set, once, with the weights that validation chose.
void score_on_test(
    nlohmann::json& result,
    Classifier& model,
    const Trainer& trainer,
    const ImageSet& test
) {
  if (test.size() == 0) return;
  load_state_dict(model, trainer.best_weights(), "best weights");
  const Evaluation score = evaluate(model, test, kEvaluationBatch);
  result["test_accuracy"] = accuracy(score);
  result["test_loss"] = score.loss;
}

/// Writes the report of the run, whose best weights the model has, and returns
/// its path.
std::string report(const TrainedRun& run) {
  return write_report(
             run.folder.path() / "report.html",
             run.model,
             {.path = run.folder.path(),
              .weights = run.folder.best(),
              .spec = run.identity.spec,
              .config = run.identity.config,
              .history = {run.trainer.history(), run.trainer.steps()},
              .data = text_in_json(run.identity.config["options"]["data"])},
             run.test
  )
      .path.string();
}

}  // namespace

nlohmann::json finish(const TrainedRun& run, const FinishOptions& options) {
  nlohmann::json result = result_of(run.trainer, run.folder);
  result["load_seconds"] = options.load_seconds;
  score_on_test(result, run.model, run.trainer, run.test);
  run.folder.save_best(
      run.trainer, run.identity, {{"test_accuracy", result["test_accuracy"]}}
  );
  run.folder.write_result(result);
  if (options.report) result["report"] = report(run);
  return result;
}

void print_result(const nlohmann::json& result, const OutputOptions& output) {
  if (output.json()) {
    std::cout << dump_lenient(result) << '\n';
    return;
  }
  std::vector<std::pair<std::string, std::string>> rows;
  if (!result["validation_accuracy"].is_null())
    rows.emplace_back(
        "validation accuracy",
        fmt::format(
            "{} (epoch {})",
            percent(result["validation_accuracy"]),
            result["best_epoch"].get<int64_t>()
        )
    );
  if (!result["test_accuracy"].is_null())
    rows.emplace_back("test accuracy", percent(result["test_accuracy"]));
  rows.emplace_back(
      "trained",
      fmt::format(
          "{} in {:.0f} s ({:.0f} images/s)",
          counted(result["epochs"].get<int64_t>(), "epoch"),
          result["train_seconds"].get<double>(),
          result["samples_per_second"].get<double>()
      )
  );
  rows.emplace_back("model", result["checkpoint"]);
  const std::string run = result["run_dir"];
  if (result.contains("report"))
    rows.emplace_back("report", result["report"]);
  else
    rows.emplace_back("report", "digitorch report " + run);
  rows.emplace_back("use it", "digitorch classify --model " + run + " PICTURE");
  const Table table{
      {{"", 19, Column::Side::left}, {"", 0, Column::Side::left}}};
  for (const auto& [name, text] : rows) std::cout << table.row({name, text});
}

}  // namespace digitorch
