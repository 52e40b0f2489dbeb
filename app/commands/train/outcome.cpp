#include "app/commands/train/outcome.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/table.h"
#include "app/commands/train/preparation.h"
#include "app/evaluation/accuracy.h"
#include "app/report/html/write_report.h"
#include "app/system/errors.h"
#include "app/system/signals.h"
#include "app/training/class_balance.h"
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

/// Scores the test set, once, with the weights that validation chose, and warns
/// of what its accuracy does not show. False where the user interrupted it.
/// Throws DivergedError where the answers are not numbers.
bool score_on_test(
    nlohmann::json& result,
    Classifier& model,
    const Trainer& trainer,
    const ImageSet& test,
    EventLog* events
) try {
  load_state_dict(model, trainer.best_weights(), "best weights");
  if (test.size() == 0) return true;
  const std::optional<Evaluation> score = evaluate_until(
      [] { return interrupt_signal() != 0; },
      model,
      ImageDataset(test, model.device()),
      torch::arange(test.size()),
      kEvaluationBatch
  );
  if (!score) return false;
  result["test_accuracy"] = accuracy(*score);
  result["test_loss"] = score->loss;
  if (events != nullptr) events->tested(*score, test);
  print_warnings(never_answered_warnings(*score, test.class_names));
  print_warnings(preparation_warnings(model, test));
  return true;
} catch (const AnswersNotFinite& error) {
  throw DivergedError(error.what());
}

/// The test pictures, or the validation part that came with data without any.
ImageSet pictures_for_report(const DataSet& data) {
  if (data.test.size() > 0) return data.test;
  const int64_t count = data.train.validation;
  return data.train.range(data.train.size() - count, count);
}

}  // namespace

std::optional<nlohmann::json> finish_run(
    const RunFolder& folder,
    const RunIdentity& run,
    Classifier& model,
    const Trainer& trainer,
    const ImageSet& test,
    double load_seconds,
    EventLog* events
) {
  nlohmann::json result = result_of(trainer, folder);
  result["load_seconds"] = load_seconds;
  if (!score_on_test(result, model, trainer, test, events)) return std::nullopt;
  folder.save_best(trainer, run, {{"test_accuracy", result["test_accuracy"]}});
  folder.write_result(result);
  return result;
}

std::string write_report_of_run(
    const RunFolder& folder,
    const RunIdentity& run,
    Classifier& model,
    const Trainer& trainer,
    const DataSet& data
) {
  return write_report(
             report_file(folder.path() / "report.html", /*overwrite=*/true),
             model,
             {.path = folder.path(),
              .weights = folder.best(),
              .spec = run.spec,
              .config = run.config,
              .history = {trainer.history(), trainer.steps()},
              .data = text_in_json(run.config["options"]["data"]),
              .train = &data.train},
             pictures_for_report(data)
  )
      .path.string();
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
  rows.emplace_back("model", text_in_json(result["checkpoint"]));
  const std::string run = text_in_json(result["run_dir"]);
  if (result.contains("report"))
    rows.emplace_back("report", text_in_json(result["report"]));
  else
    rows.emplace_back("report", "digitorch report " + run);
  rows.emplace_back("use it", "digitorch classify --model " + run + " PICTURE");
  const Table table{
      {{"", 19, Column::Side::left}, {"", 0, Column::Side::left}}};
  for (const auto& [name, text] : rows) std::cout << table.row({name, text});
}

}  // namespace digitorch
