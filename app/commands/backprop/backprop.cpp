// `digitorch backprop`: one step of back-propagation in numbers.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/cli/picture_files.h"
#include "app/cli/table.h"
#include "app/commands/backprop/example.h"
#include "app/commands/backprop/tables.h"
#include "app/commands/registry.h"
#include "app/report/pictures/learning_step.h"
#include "app/report/pictures/tensor_values.h"
#include "app/system/exit_code.h"
#include "app/system/folder_lock.h"
#include "app/system/output_file.h"
#include "app/system/write_file.h"
#include "models/networks/activation.h"
#include "models/networks/initialisation.h"
#include "models/options/choices.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

std::vector<OptionGroup> groups(BackpropOptions& o) {
  constexpr int64_t kMaxUnits = 1024;
  return {
      {"Network",
       {field(
            "layers",
            o.layers,
            {1, kMaxUnits},
            "Units of each layer, the inputs first; by default 2,3,2, for a "
            "digit 784,10,10"
        ),
        field(
            "activation",
            o.activation,
            activations(),
            "Activation of the hidden layers"
        ),
        field(
            "initialisation",
            o.initialisation,
            names_of(initialisations()),
            "Initialisation of the weights"
        ),
        field(
            "model",
            o.model,
            "Checkpoint of a network scratch, whose weights are taken; implies "
            "--digit"
        ),
        field("seed", o.seed, {0, INT64_MAX}, "Random seed")}},
      {"Step",
       {field("loss", o.loss, losses(), "Loss to minimise"),
        field("lr", o.lr, RealRange{0, 1e9}, "Learning rate"),
        field(
            "label",
            o.label,
            "Class that is right; by default the first, or "
            "that of the test picture"
        )}},
      {"Digit",
       std::vector{
           field("digit", o.digit, "Show a test picture to the network"),
           field(
               "sample", o.sample, {0, INT64_MAX}, "Number of the test picture"
           )} +
           fields(o.data)},
      {"Output",
       std::vector{
           with_value(
               field("output", o.output, "Folder for picture and page"),
               "FOLDER"
           ),
           overwrite_field(o.overwrite)} +
           fields(o.print)}};
}

Table columns_for(const TextTable& table) {
  Table columns;
  for (size_t c = 0; c < table.heading.size(); ++c) {
    size_t width = screen_width(table.heading[c]);
    for (const auto& row : table.rows)
      width = std::max(width, screen_width(row[c]));
    columns.columns.push_back({table.heading[c], width});
  }
  return columns;
}

void print_text(const Lesson& lesson) {
  std::cout << lesson.title << "\n" << lesson.summary << "\n";
  for (const TextTable& table : lesson.tables) {
    std::cout << '\n' << table.title;
    if (!table.note.empty()) std::cout << ":  " << table.note;
    const Table columns = columns_for(table);
    std::cout << '\n' << columns.heading();
    for (const auto& row : table.rows) std::cout << columns.row(row);
  }
  std::cout << '\n';
  for (const std::string& result : lesson.results) std::cout << result << '\n';
  std::cout << '\n';
}

nlohmann::json rows_of(const torch::Tensor& matrix) {
  nlohmann::json rows = nlohmann::json::array();
  for (int64_t row = 0; row < matrix.size(0); ++row)
    rows.push_back(values_of<double>(matrix[row]));
  return rows;
}

nlohmann::json to_json(const LearningStep& step) {
  nlohmann::json layers = nlohmann::json::array();
  const size_t count = step.example.layers.size();
  for (size_t l = 0; l < count; ++l)
    layers.push_back(
        {{"name", name_of_layer(l + 1, count)},
         {"weight", rows_of(step.example.layers[l].weight)},
         {"bias", values_of<double>(step.example.layers[l].bias)},
         {"z", values_of<double>(step.forward.z[l])},
         {"output",
          values_of<double>(
              l + 1 < count ? step.forward.a[l + 1] : step.probabilities
          )},
         {"error", values_of<double>(step.backward.delta[l])},
         {"weight_gradient", rows_of(step.backward.gradients[l].weight)},
         {"bias_gradient", values_of<double>(step.backward.gradients[l].bias)},
         {"weight_difference", rows_of(step.differences[l].weight)},
         {"bias_difference", values_of<double>(step.differences[l].bias)}}
    );
  return {
      {"input", values_of<double>(step.example.input)},
      {"label", step.example.label},
      {"layers", layers},
      {"loss", step.backward.loss.item<double>()},
      {"loss_after", step.loss_after},
      {"largest_difference", step.largest_difference},
      {"checked", step.checked},
      {"parameters", step.parameters}};
}

std::string summary_of(
    const LearningStep& step, const NamedExample& named, const std::string& loss
) {
  std::string units;
  for (const int64_t each : step.units())
    units += (units.empty() ? "" : "-") + std::to_string(each);
  const auto label = static_cast<size_t>(step.example.label);
  return units + " units, " + step.example.activation + ", " + loss +
         " C; input: " + named.input + "; class " + named.class_names[label];
}

int backprop(
    const BackpropOptions& options, const std::vector<std::string>& paths
) {
  if (paths.size() > 1)
    throw std::runtime_error(
        "backprop takes one picture (found " + std::to_string(paths.size()) +
        ")"
    );
  const NamedExample named =
      make_example(options, paths.empty() ? "" : paths.front());
  const std::filesystem::path folder = options.output;
  const OutputFile page{
      folder / "backprop.html", "digitorch backprop", options.overwrite};
  const PictureFiles picture{
      folder / "backprop", {{}, "digitorch backprop", options.overwrite}};
  check_output(page);
  check_picture(picture);
  check_writable_folder(folder);
  const LearningStep step = take_step(named.example);
  const Lesson lesson{
      "One step of back-propagation",
      summary_of(step, named, options.loss),
      results_of(step),
      tables_of(step, named.class_names),
      draw_learning_step(step)};
  std::vector<std::filesystem::path> files =
      write_picture(picture, lesson.picture);
  files.push_back(page.path);
  write_output(page, html_lesson(lesson));
  if (options.print.json()) {
    nlohmann::json result = to_json(step);
    result["files"] = as_text(files);
    std::cout << dump_lenient(result) << '\n';
  } else {
    print_text(lesson);
    print_files(files);
  }
  return kExitDone;
}

}  // namespace

Command backprop_command() {
  const auto options = std::make_shared<BackpropOptions>();
  return {
      .name = "backprop",
      .summary = "Show one step of back-propagation in numbers",
      .paths = "[PICTURE]",
      .examples =
          {{"backprop", "a network of 2, 3 and 2 units"},
           {"backprop --digit", "a test picture and one hidden layer"}},
      .description =
          "Shows one step of back-propagation: the input, weights, output, "
          "error and gradient of every layer, as tables, a picture and an "
          "HTML page. Every gradient is compared with a finite difference of "
          "the loss. The network has 2-3-2 units, or those of --layers; with "
          "--digit, PICTURE or --model it sees a digit.",
      .groups = groups(*options),
      .run = [options](const Arguments& given) {
        return backprop(*options, given.paths);
      }};
}

}  // namespace digitorch
