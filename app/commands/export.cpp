// `digitorch export`: a checkpoint as a file that other programs load.
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "app/cli/option_groups.h"
#include "app/commands/registry.h"
#include "app/predict/model_file.h"
#include "app/system/exit_code.h"
#include "app/system/write_file.h"
#include "datasets/image_dataset.h"
#include "models/files/export_format.h"
#include "models/files/sha256.h"
#include "models/options/choices.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

// Sums in another order differ in the last bits; anything more is a fault.
constexpr double kMaxDifference = 1e-4;

struct ExportOptions {
  std::string model;
  std::string format = "torchscript";
  std::string output;
  DataOptions data;
  int64_t samples = 1000;
  bool quiet = false;
};

std::vector<OptionGroup> groups(ExportOptions& o) {
  return {
      {"Model",
       {field("model", o.model, "Checkpoint file; without: the shipped one")}},
      {"Export",
       {field("format", o.format, export_formats(), "Kind of file"),
        field("output", o.output, "File to write (beside the checkpoint)"),
        field(
            "samples",
            o.samples,
            {1, 100000},
            "Test pictures on which the file is compared with the model"
        )}},
      {"Data", fields(o.data)},
      {"Output", {field("quiet", o.quiet, "Print the result only")}}};
}

fs::path output_path(
    const ExportOptions& options,
    const std::vector<std::string>& paths,
    const std::string& ending
) {
  if (paths.size() > 1 || (!paths.empty() && !options.output.empty()))
    throw std::runtime_error(
        "export: found several files to write; expected one"
    );
  if (!paths.empty()) return paths.front();
  if (!options.output.empty()) return options.output;
  if (options.model.empty()) return "digits" + ending;
  return fs::path(options.model).replace_extension("").string() + ending;
}

/// Test pictures; noise where the data set is not at hand, which compares as
/// well but says less about the pictures the model is for.
torch::Tensor comparison_images(const ExportOptions& options) {
  try {
    const ImageSet test = load_evaluation_data(options.data.location()).test;
    ImageDataset dataset(test);
    std::vector<size_t> indices(
        static_cast<size_t>(std::min(options.samples, test.size()))
    );
    for (size_t i = 0; i < indices.size(); ++i) indices[i] = i;
    return dataset.get_batch(indices).data;
  } catch (const std::runtime_error& error) {
    if (!options.quiet)
      std::cerr << "note: " << error.what()
                << "; comparing on random pictures instead\n";
  }
  torch::manual_seed(0);
  return torch::rand({options.samples, 1, kInputSide, kInputSide});
}

int export_model(
    const ExportOptions& options, const std::vector<std::string>& paths
) {
  const ExportFormat& format = export_format_named(options.format);
  const fs::path path = output_path(options, paths, format.ending);
  const OpenedModel opened = open_model(options.model);
  const auto original = restore(opened.checkpoint, opened.name);
  const std::string bytes =
      format.make(opened.checkpoint, to_hex(sha256(opened.bytes)));
  const torch::Tensor images = comparison_images(options);
  const double difference = format.difference(bytes, *original, images);
  if (!(difference <= kMaxDifference)) {
    std::ostringstream message;
    message << path.string() << ": not written, since its answers differ by "
            << difference << " from the model's; expected at most "
            << kMaxDifference;
    throw std::logic_error(message.str());
  }
  write_file(path, bytes);
  const nlohmann::json result = {
      {"format", options.format},
      {"path", path.string()},
      {"bytes", bytes.size()},
      {"max_abs_difference", difference},
      {"samples_compared", images.size(0)}};
  std::cout << result.dump() << '\n';
  return kExitDone;
}

}  // namespace

Command export_command() {
  const auto options = std::make_shared<ExportOptions>();
  return {
      .name = "export",
      .summary = "Write a network as TorchScript or as a state dict",
      .paths = "[FILE]",
      .description =
          "Writes the network, loads what was written and compares its answers "
          "with the\nmodel's before it says so. The result is a JSON object.",
      .groups = groups(*options),
      .run = [options](const Arguments& given) {
        return export_model(*options, given.paths);
      }};
}

}  // namespace digitorch
