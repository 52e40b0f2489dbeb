// `digitorch eval`: how well a network reads labelled pictures.
#include <iomanip>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/cli/option_groups.h"
#include "app/commands/registry.h"
#include "app/evaluation/answers.h"
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
    const Answers& answers, const std::vector<std::string>& class_names
) {
  const Evaluation score = evaluation_of(answers);
  nlohmann::json classes = nlohmann::json::array();
  const std::vector<ClassMetrics> metrics = per_class(score);
  for (size_t c = 0; c < metrics.size(); ++c)
    classes.push_back({
        {"label", class_names[c]},
        {"samples", metrics[c].samples},
        {"precision", metrics[c].precision},
        {"recall", metrics[c].recall},
        {"f1", metrics[c].f1},
    });
  nlohmann::json confusion = nlohmann::json::array();
  for (int64_t truth = 0; truth < score.confusion.size(0); ++truth) {
    const auto row = score.confusion[truth].contiguous();
    confusion.push_back(std::vector<int64_t>(
        row.const_data_ptr<int64_t>(),
        row.const_data_ptr<int64_t>() + row.numel()
    ));
  }
  return {
      {"accuracy", score.accuracy()},
      {"loss", score.loss},
      {"samples", score.samples()},
      {"error_rate", 1 - score.accuracy()},
      {"calibration_error", calibration(answers).expected_error},
      {"per_class", classes},
      {"confusion", confusion}};
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
  std::cout << "accuracy    " << percent(score["accuracy"]) << "\nerror rate  "
            << percent(score["error_rate"]) << "\nloss        " << std::fixed
            << std::setprecision(4) << score["loss"].get<double>()
            << "\nECE         " << percent(score["calibration_error"])
            << " (expected calibration error)\nsamples     " << score["samples"]
            << "\n\n"
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
  warn_if_trained_on(opened, data.digits);
  const ImageSet digits =
      with_classes(std::move(data.digits), opened.class_names, opened.name);
  if (!options.output.quiet && !options.output.json()) print_notes(notes);
  opened.classifier->to(device);
  const Answers answers =
      answer_all(*opened.classifier, digits, options.batch_size);
  const nlohmann::json result = to_json(answers, digits.class_names);
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
