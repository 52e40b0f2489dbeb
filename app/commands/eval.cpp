// `digitorch eval`: how well a network classifies labelled pictures.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/cli/option_groups.h"
#include "app/cli/table.h"
#include "app/commands/registry.h"
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
  bool trust_torchscript = false;
  DataOptions data;
  std::string part = part_names().front();
  int64_t batch_size = 1000;
  double min_accuracy = 0;
  ComputeOptions compute;
  OutputOptions output;
};

std::vector<OptionGroup> groups(EvalOptions& o) {
  return {
      {"Model",
       {field(
            "model", o.model, "Checkpoint file; by default the shipped network"
        ),
        trust_field(o.trust_torchscript)}},
      {"Data",
       fields(o.data) + std::vector<Field>{field(
                            "part",
                            o.part,
                            part_names(),
                            "Pictures to score; held-out: the test part, or "
                            "those that training put aside"
                        )}},
      {"Evaluation",
       {field("batch-size", o.batch_size, {1, 65536}, "Pictures in a batch"),
        field(
            "min-accuracy",
            o.min_accuracy,
            RealRange{0, 1},
            "Exit with code 5 where the accuracy is lower"
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

/// The width of the longest class name, or of "class " where all are shorter.
size_t name_width(const std::vector<std::string>& names) {
  size_t width = 6;
  for (const std::string& name : names)
    width = std::max(width, screen_width(escape_control(name)));
  return width;
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

void print_classes(const nlohmann::json& classes, size_t width) {
  const Table table{
      {{"class", width + 2, Column::Side::left},
       {"samples", 7},
       {"precision", 9},
       {"recall", 8},
       {"f1", 8}}};
  std::cout << table.heading();
  for (const auto& each : classes)
    std::cout << table.row(
        {each["label"],
         json_to_text(each["samples"]),
         percent(each["precision"]),
         percent(each["recall"]),
         percent(each["f1"])}
    );
}

void print_confusion(
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

void print_text(const nlohmann::json& score) {
  std::vector<std::string> names;
  for (const auto& each : score["per_class"]) names.push_back(each["label"]);
  const size_t width = name_width(names);
  print_metrics(score);
  std::cout << '\n';
  print_classes(score["per_class"], width);
  std::cout << '\n';
  print_confusion(score["confusion"], names, width);
}

int eval(const EvalOptions& options) {
  std::vector<std::string> notes;
  const torch::Device device = prepare(options.compute, notes);
  const LoadedModel model =
      load_model(options.model, options.trust_torchscript);
  std::vector<std::string> warnings;
  ScoredPart scored =
      scored_part(options.part, options.data.location(), model, warnings);
  print_warnings(warnings);
  if (!scored.note.empty() && !options.output.quiet) print_notes({scored.note});
  const ImageSet images =
      with_classes(std::move(scored.images), model.class_names, model.name);
  if (!options.output.quiet && !options.output.json()) print_notes(notes);
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
      .description =
          "Scores a network on the pictures of a data set that it was not "
          "trained on: the test\npart, or what training put aside of a folder "
          "of classes.",
      .groups = groups(*options),
      .run = [options](const Arguments&) { return eval(*options); }};
}

}  // namespace digitorch
