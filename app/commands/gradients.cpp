// `digitorch gradients`: the vanishing gradient, measured and drawn.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <memory>

#include "app/cli/option_groups.h"
#include "app/cli/picture_files.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"
#include "app/commands/registry.h"
#include "app/report/pictures/gradient_flow.h"
#include "app/report/pictures/tensor_values.h"
#include "app/system/exit_code.h"
#include "app/system/folder_lock.h"
#include "app/system/write_file.h"
#include "app/training/gradient_flow.h"
#include "models/networks/activation.h"
#include "models/networks/initialisation.h"
#include "models/options/choices.h"
#include "models/options/fields_json.h"
#include "models/options/limits.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

struct GradientsOptions {
  DataOptions data;
  std::string activation = "all";
  std::string initialisation = "auto";
  std::vector<int64_t> depths{1, 2, 3, 4, 6};
  int64_t width = 30;
  int64_t steps = 400;
  int64_t batch_size = 32;
  double lr = 0.1;
  std::string loss = "cross-entropy";
  int64_t seed = 1;
  std::string output = "gradients";
  ComputeOptions compute;
  OutputOptions print;
};

/// The activations, from the one through which gradients vanish first.
std::vector<std::string> vanishing_first() {
  const std::vector<std::string> names = names_of(activations());
  return {names.rbegin(), names.rend()};
}

std::vector<std::string> plus(
    const std::string& first, std::vector<std::string> names
) {
  names.insert(names.begin(), first);
  return names;
}

std::vector<OptionGroup> groups(GradientsOptions& o) {
  return {
      {"Data", fields(o.data)},
      {"Networks",
       {field(
            "activation",
            o.activation,
            plus("all", vanishing_first()),
            "Activation of the hidden layers"
        ),
        field(
            "initialisation",
            o.initialisation,
            plus("auto", names_of(initialisations())),
            "Initialisation of the weights; auto: as suits the activation"
        ),
        field("depths", o.depths, {1, 64}, "Numbers of hidden layers to try"),
        field("width", o.width, kLayerWidth, "Units per hidden layer")}},
      {"Training",
       {field("steps", o.steps, {1, 1000000}, "Number of steps of plain SGD"),
        field("batch-size", o.batch_size, {1, 65536}, "Pictures per batch"),
        field("lr", o.lr, RealRange{0, 1e9}, "Learning rate"),
        field("loss", o.loss, losses(), "Loss to minimise"),
        field("seed", o.seed, {0, INT64_MAX}, "Random seed")}},
      {"Computing", fields(o.compute)},
      {"Output",
       std::vector{with_value(
           field("output", o.output, "Folder for the table and the pictures"),
           "FOLDER"
       )} + fields(o.print)}};
}

std::string initialisation_for(
    const GradientsOptions& options, const std::string& activation
) {
  if (options.initialisation != "auto") return options.initialisation;
  return activation_named(activation).initialisation;
}

std::vector<std::string> chosen_activations(const GradientsOptions& options) {
  if (options.activation != "all") return {options.activation};
  return vanishing_first();
}

/// Plain stochastic gradient descent, without what would change the gradient.
TrainOptions plain_training(const GradientsOptions& options) {
  return {
      .batch_size = options.batch_size,
      .optimizer = {.kind = "sgd", .momentum = 0, .weight_decay = 0},
      .schedule = {.kind = "constant", .lr = options.lr},
      .loss = options.loss,
      .label_smoothing = 0,
      .validation = 0,
      .augment = "none",
      .seed = options.seed};
}

std::string to_csv(const std::vector<GradientFlow>& flows) {
  std::string csv =
      "activation,initialisation,hidden_layers,step,layer,gradient_norm\n";
  for (const GradientFlow& flow : flows)
    for (size_t i = 0; i < flow.steps.size(); ++i)
      for (int64_t l = 0; l < flow.norms.size(1); ++l)
        csv += fmt::format(
            "{},{},{},{},{},{:.9g}\n",
            flow.network.activation,
            flow.network.initialisation,
            flow.network.hidden.size(),
            flow.steps[i],
            l + 1,
            flow.norms[static_cast<int64_t>(i)][l].item<double>()
        );
  return csv;
}

nlohmann::json to_json(const GradientFlow& flow) {
  return {
      {"activation", flow.network.activation},
      {"initialisation", flow.network.initialisation},
      {"hidden_layers", flow.network.hidden.size()},
      {"gradient_norms", values_of<double>(flow.mean_norms())},
      {"first_to_output", flow.ratio()},
      {"vanishes", flow.vanishes()},
      {"loss", flow.loss ? nlohmann::json(*flow.loss) : nlohmann::json()}};
}

// The columns of the table that stand before the norms, and those of a norm.
constexpr size_t kBeforeNorms = 52;
constexpr size_t kNormWidth = 9;

const Table& gradients_table() {
  static const Table columns{
      {{"function", 8, Column::Side::left},
       {"weights", 7, Column::Side::left},
       {"hidden", 6},
       {"first/last", 10},
       {"gradient", 9},
       {"loss", 6},
       {" norms", 0, Column::Side::left}},
      /*gap=*/1};
  return columns;
}

/// As many of the norms as the terminal has room for.
std::string norms_text(const nlohmann::json& norms) {
  const auto columns = terminal_columns(STDOUT_FILENO);
  std::string text;
  for (const auto& norm : norms) {
    if (columns && kBeforeNorms + text.size() + 2 * kNormWidth > *columns &&
        &norm != &norms.back())
      return text + "  ...";
    text += fmt::format("{:{}.1e}", norm.get<double>(), kNormWidth);
  }
  return text;
}

std::string gradients_row(const nlohmann::json& flow) {
  const std::string norms = norms_text(flow["gradient_norms"]);
  return gradients_table().row(
      {flow["activation"],
       flow["initialisation"],
       json_to_text(flow["hidden_layers"]),
       fmt::format("{:.1e}", flow["first_to_output"].get<double>()),
       flow["vanishes"] ? "vanishes" : "reaches",
       flow["loss"].is_null()
           ? "-"
           : fmt::format("{:.2f}", flow["loss"].get<double>()),
       norms}
  );
}

std::vector<GradientFlow> measure(
    const GradientsOptions& options,
    const ImageSet& images,
    torch::Device device
) {
  std::vector<GradientFlow> flows;
  for (const std::string& activation : chosen_activations(options))
    for (const int64_t depth : options.depths) {
      const GradientFlowOptions flow{
          .network =
              {.hidden = std::vector<int64_t>(
                   static_cast<size_t>(depth), options.width
               ),
               .activation = activation,
               .initialisation = initialisation_for(options, activation)},
          .train = plain_training(options),
          .steps = options.steps,
          .interval = std::max<int64_t>(1, options.steps / 20)};
      flows.push_back(measure_gradient_flow(flow, images, device));
      if (options.print.json()) continue;
      if (flows.size() == 1)
        std::cout << "The mean norm of the gradient of each layer, from the "
                     "first to the output:\n\n"
                  << gradients_table().heading();
      std::cout << gradients_row(to_json(flows.back())) << std::flush;
    }
  return flows;
}

int gradients(const GradientsOptions& options) {
  if (options.depths.empty())
    throw std::runtime_error("--depths: found none; expected one or more");
  const std::filesystem::path folder = options.output;
  const torch::Device device = prepare(options.compute);
  const DataSet data = load_data(options.data.location());
  check_writable_folder(folder);
  const std::vector<GradientFlow> flows = measure(options, data.train, device);

  write_file(folder / "gradients.csv", to_csv(flows));
  std::vector<std::filesystem::path> files =
      write_picture(folder / "gradients", draw_gradient_flow(flows));
  files.push_back(folder / "gradients.csv");
  if (options.print.json()) {
    nlohmann::json networks = nlohmann::json::array();
    for (const GradientFlow& flow : flows) networks.push_back(to_json(flow));
    std::cout << dump_lenient(
                     {{"networks", networks}, {"files", as_text(files)}}
                 )
              << '\n';
  } else {
    std::cout << '\n';
    print_files(files);
  }
  return kExitDone;
}

}  // namespace

Command gradients_command() {
  const auto options = std::make_shared<GradientsOptions>();
  return {
      .name = "gradients",
      .summary = "Show how the gradient vanishes in deep networks",
      .paths = "",
      .examples =
          {{"gradients", "all activations, up to 6 hidden layers"},
           {"gradients --activation relu --depths 2,8", "one of them, deeper"}},
      .description =
          "Trains fully connected networks of growing depth with each "
          "activation and measures the gradient of every layer. The gradient "
          "vanishes where its norm in the first layer is less than a hundredth "
          "of that in the output layer. (The first layer has 784 inputs, which "
          "alone makes its norm larger.)",
      .groups = groups(*options),
      .run = [options](const Arguments&) { return gradients(*options); }};
}

}  // namespace digitorch
