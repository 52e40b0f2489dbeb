// `digitorch eval`: how well a network classifies labelled pictures.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/cli/class_names.h"
#include "app/cli/option_groups.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"
#include "app/commands/registry.h"
#include "app/commands/run_data.h"
#include "app/commands/scored_part.h"
#include "app/evaluation/confusion.h"
#include "app/evaluation/metrics.h"
#include "app/predict/model_file.h"
#include "app/system/exit_code.h"
#include "app/system/text.h"
#include "models/options/fields_json.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

struct EvalOptions {
  std::string model;
  TorchScriptOptions torchscript;
  std::string part = part_names().front();
  int64_t batch_size = 1000;
  double min_accuracy = 0;
  ComputeOptions compute;
  OutputOptions output;
};

std::vector<OptionGroup> groups(EvalOptions& o) {
  DataOptions of_run{.data = "", .data_dir = ""};
  return {
      {"Model",
       std::vector<Field>{model_field(o.model)} + fields(o.torchscript)},
      described({"Data", fields(of_run)}),
      {"Evaluation",
       {field(
            "part",
            o.part,
            part_names(),
            "Pictures to score; held-out: the test part, or those that "
            "training put aside"
        ),
        field("batch-size", o.batch_size, {1, 65536}, "Pictures per batch"),
        field(
            "min-accuracy",
            o.min_accuracy,
            RealRange{0, 1},
            "Exit with 5 if the accuracy is below this"
        )}},
      {"Computing", fields(o.compute)},
      {"Output", fields(o.output)}};
}

nlohmann::json to_json(
    const Evaluation& evaluation, const std::vector<std::string>& class_names
) {
  nlohmann::json json = {{"samples", evaluation.samples()}};
  for (const Metric& metric : metrics())
    json[metric.name] = metric.value(evaluation);
  const torch::Tensor counts = confusion(evaluation);
  const std::vector<ClassMetrics> scores = per_class(counts);
  json["per_class"] = nlohmann::json::array();
  for (size_t c = 0; c < scores.size(); ++c)
    json["per_class"].push_back({
        {"label", class_names[c]},
        {"samples", scores[c].samples},
        {"precision", scores[c].precision},
        {"recall", scores[c].recall},
        {"f1", scores[c].f1},
    });
  const MacroAverages macro = macro_averages(scores);
  json["macro"] = {
      {"precision", macro.precision},
      {"recall", macro.recall},
      {"f1", macro.f1}};
  json["confusion"] = nlohmann::json::array();
  for (int64_t truth = 0; truth < counts.size(0); ++truth) {
    const auto row = counts[truth].contiguous();
    json["confusion"].push_back(std::vector<int64_t>(
        row.const_data_ptr<int64_t>(),
        row.const_data_ptr<int64_t>() + row.numel()
    ));
  }
  return json;
}

// A table of more classes is hard to read, whatever the terminal.
constexpr size_t kMostConfusionClasses = 12;
constexpr size_t kMistakesShown = 10;
// What the columns of print_classes() take beside the names.
constexpr size_t kScoreColumns = 42;

/// The width of the longest class name, or of "class " where all are shorter;
/// less where the terminal has no room for it.
size_t name_width(const std::vector<std::string>& names) {
  size_t width = 6;
  for (const std::string& name : names)
    width = std::max(width, screen_width(escape_control(name)));
  const auto columns = terminal_columns(STDOUT_FILENO);
  if (!columns || width + kScoreColumns <= *columns) return width;
  return std::max(*columns, kScoreColumns + 6) - kScoreColumns;
}

void print_metrics(const nlohmann::json& score) {
  const Table table{
      {{"", 10, Column::Side::left}, {"", 0, Column::Side::left}}};
  for (const Metric& metric : metrics()) {
    const double value = score[metric.name];
    std::string text =
        metric.is_fraction ? percent(value) : fmt::format("{:.4f}", value);
    if (!metric.note.empty()) text += " (" + metric.note + ")";
    std::cout << table.row({metric.title, text});
  }
  std::cout << table.row({"samples", json_to_text(score["samples"])});
}

void print_classes(const nlohmann::json& score, size_t width) {
  const Table table{
      {{"class", width + 2, Column::Side::left},
       {"samples", 7},
       {"precision", 9},
       {"recall", 8},
       {"f1", 8}}};
  std::cout << table.heading();
  for (const auto& each : score["per_class"]) {
    const auto of = [&](const char* name) {
      return each["samples"] == 0 ? "-" : percent(each[name]);
    };
    std::cout << table.row(
        {shortened(each["label"].get<std::string>(), width),
         json_to_text(each["samples"]),
         of("precision"),
         of("recall"),
         of("f1")}
    );
  }
  const auto& macro = score["macro"];
  std::cout << table.row(
      {"mean",
       "",
       percent(macro["precision"]),
       percent(macro["recall"]),
       percent(macro["f1"])}
  );
}

void print_confusion_table(
    const nlohmann::json& confusion,
    const std::vector<std::string>& names,
    size_t width
) {
  Table table{{{"", width + 2, Column::Side::left}}};
  for (const std::string& name : names) table.columns.push_back({name, width});
  std::cout << "confusion (rows: truth, columns: answer)\n" << table.heading();
  for (size_t truth = 0; truth < names.size(); ++truth) {
    std::vector<std::string> cells = {names[truth]};
    for (const auto& count : confusion[truth])
      cells.push_back(json_to_text(count));
    std::cout << table.row(cells);
  }
}

struct Mistaken {
  int64_t count;
  size_t truth;
  size_t answer;
};

void print_largest_confusions(
    const nlohmann::json& confusion,
    const std::vector<std::string>& names,
    size_t width
) {
  std::vector<Mistaken> mistakes;
  for (size_t truth = 0; truth < names.size(); ++truth)
    for (size_t answer = 0; answer < names.size(); ++answer)
      if (const int64_t count = confusion[truth][answer];
          truth != answer && count > 0)
        mistakes.push_back({count, truth, answer});
  std::stable_sort(
      mistakes.begin(),
      mistakes.end(),
      [](const Mistaken& a, const Mistaken& b) { return a.count > b.count; }
  );
  mistakes.resize(std::min(mistakes.size(), kMistakesShown));
  std::cout << "largest confusions\n";
  if (mistakes.empty()) std::cout << "none\n";
  const Table table{
      {{"truth", width, Column::Side::left},
       {"answer", width, Column::Side::left},
       {"pictures", 8}}};
  if (!mistakes.empty()) std::cout << table.heading();
  for (const Mistaken& each : mistakes)
    std::cout << table.row(
        {shortened(names[each.truth], width),
         shortened(names[each.answer], width),
         std::to_string(each.count)}
    );
}

/// The table, or its largest entries where it has too many classes or is wider
/// than the terminal.
void print_confusion(
    const nlohmann::json& confusion,
    const std::vector<std::string>& names,
    size_t width
) {
  const auto columns = terminal_columns(STDOUT_FILENO);
  const size_t table_width = (names.size() + 1) * (width + 2);
  if (names.size() > kMostConfusionClasses ||
      (columns && table_width > *columns))
    print_largest_confusions(
        confusion, names, columns ? std::min(width, *columns / 3) : width
    );
  else
    print_confusion_table(confusion, names, width);
}

void print_text(const nlohmann::json& score) {
  std::vector<std::string> names;
  for (const auto& each : score["per_class"])
    names.push_back(escape_control(each["label"].get<std::string>()));
  const size_t width = name_width(names);
  print_metrics(score);
  std::cout << '\n';
  print_classes(score, width);
  std::cout << '\n';
  print_confusion(score["confusion"], names, width);
}

int eval(const EvalOptions& options, const Arguments& typed) {
  const torch::Device device = prepare(options.compute);
  const LoadedModel model = load_model(
      options.model,
      options.torchscript.trust,
      names_of_classes(options.torchscript.classes)
  );
  std::vector<std::string> warnings;
  ScoredPart scored = scored_part(
      options.part, location_of(model, data_of(model, typed)), model, warnings
  );
  print_warnings(warnings);
  if (!scored.note.empty() && !options.output.quiet) print_notes({scored.note});
  const ImageSet images =
      with_classes(std::move(scored.images), model.class_names, model.name);
  model.classifier->to(device);
  const Evaluation evaluation =
      evaluate(*model.classifier, images, options.batch_size);
  const nlohmann::json result = to_json(evaluation, images.class_names);
  if (options.output.json())
    std::cout << dump_lenient(result) << '\n';
  else
    print_text(result);
  const double accuracy = result["accuracy"];
  if (accuracy >= options.min_accuracy) return kExitDone;
  std::cerr << "error: accuracy " << accuracy << "; expected at least "
            << options.min_accuracy << '\n';
  return kExitBelowAsked;
}

}  // namespace

Command eval_command() {
  const auto options = std::make_shared<EvalOptions>();
  return {
      .name = "eval",
      .summary = "Score a network on labelled pictures",
      .paths = "",
      .examples =
          {{"eval", "the network inside the program, on MNIST"},
           {"eval --model runs/quickstart", "the best epoch of a run"},
           {"eval --model runs/quickstart --min-accuracy 0.5",
            "exit code 5 if it is worse"}},
      .description =
          "Scores a network on the pictures of a data set that it was not "
          "trained on: the test part, or what training put aside of a folder "
          "of classes. Without --data these are the data of the run that made "
          "the network, or MNIST.",
      .groups = groups(*options),
      .run = [options](const Arguments& typed) {
        return eval(*options, typed);
      }};
}

}  // namespace digitorch
