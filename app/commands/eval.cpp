// `digitorch eval`: how well a network reads labelled pictures.
#include <iomanip>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/cli/option_groups.h"
#include "app/commands/registry.h"
#include "app/evaluation/confusion.h"
#include "app/evaluation/metrics.h"
#include "app/predict/model_file.h"
#include "app/system/exit_code.h"
#include "app/training/data_facts.h"

namespace digitorch {
namespace {

struct EvalOptions {
  std::string model;
  bool trust_torchscript = false;
  DataOptions data;
  int64_t batch_size = 1000;
  double min_accuracy = 0;
  ComputeOptions compute;
  OutputOptions output;
};

std::vector<OptionGroup> groups(EvalOptions& o) {
  return {
      {"Model",
       {field("model", o.model, "Checkpoint file; without: the shipped one"),
        trust_field(o.trust_torchscript)}},
      {"Data", fields(o.data)},
      {"Evaluation",
       {field("batch-size", o.batch_size, {1, 65536}, "Pictures at once"),
        field(
            "min-accuracy",
            o.min_accuracy,
            RealRange{0, 1},
            "Exit with 5 where the accuracy is below this"
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

int column_width(const std::vector<std::string>& names) {
  size_t widest = 6;
  for (const std::string& name : names) widest = std::max(widest, name.size());
  return static_cast<int>(widest + 2);
}

void print_text(const nlohmann::json& score) {
  std::vector<std::string> names;
  for (const auto& each : score["per_class"]) names.push_back(each["label"]);
  const int width = column_width(names);
  std::cout << std::left << std::fixed << std::setprecision(4);
  for (const Metric& metric : metrics()) {
    const double value = score[metric.name];
    std::cout << std::setw(12) << metric.title;
    if (metric.is_fraction)
      std::cout << percent(value);
    else
      std::cout << value;
    if (!metric.note.empty()) std::cout << " (" << metric.note << ')';
    std::cout << '\n';
  }
  std::cout << std::setw(12) << "samples" << score["samples"] << "\n\n"
            << std::left << std::setw(width) << "class" << std::right
            << std::setw(9) << "samples" << std::setw(11) << "precision"
            << std::setw(10) << "recall" << std::setw(10) << "f1" << '\n';
  for (const auto& each : score["per_class"])
    std::cout << std::left << std::setw(width)
              << each["label"].get<std::string>() << std::right << std::setw(9)
              << each["samples"].get<int64_t>() << std::setw(11)
              << percent(each["precision"]) << std::setw(10)
              << percent(each["recall"]) << std::setw(10) << percent(each["f1"])
              << '\n';
  std::cout << "\nconfusion (rows: truth, columns: answer)\n"
            << std::setw(width) << "";
  for (const std::string& name : names) std::cout << std::setw(width) << name;
  std::cout << '\n';
  for (size_t truth = 0; truth < names.size(); ++truth) {
    std::cout << std::setw(width) << names[truth];
    for (const auto& count : score["confusion"][truth])
      std::cout << std::setw(width) << count.get<int64_t>();
    std::cout << '\n';
  }
}

void warn_if_trained_on(const UsableModel& model, const ImageSet& digits) {
  if (!model.trained_on.empty() && model.trained_on == data_digest(digits))
    print_warnings({"the model was trained on these very pictures"});
}

int eval(const EvalOptions& options) {
  std::vector<std::string> notes;
  const torch::Device device = prepare(options.compute, notes);
  const UsableModel opened =
      load_model(options.model, options.trust_torchscript);
  EvaluationSet data = load_evaluation_data(options.data.location());
  print_warnings(data.warnings);
  warn_if_trained_on(opened, data.test);
  const ImageSet digits =
      with_classes(std::move(data.test), opened.class_names, opened.name);
  if (!options.output.quiet && !options.output.json()) print_notes(notes);
  opened.classifier->to(device);
  const Evaluation evaluation =
      evaluate(*opened.classifier, digits, options.batch_size);
  const nlohmann::json result = to_json(evaluation, digits.class_names);
  if (options.output.json())
    std::cout << result.dump() << '\n';
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
          "Scores a network on the test part of a data set, or on all pictures "
          "of a folder\nwith a sub-folder for each class.",
      .groups = groups(*options),
      .run = [options](const Arguments&) { return eval(*options); }};
}

}  // namespace digitorch
