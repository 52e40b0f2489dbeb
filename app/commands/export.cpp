// `digitorch export`: a checkpoint as a file for other programs.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>
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
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

// Of the largest logit. Sums in another order differ in their last bits; larger
// differences are an error of the export.
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
      {"Model", {model_field(o.model)}},
      {"Export",
       {field("format", o.format, export_formats(), "Format of the file"),
        with_value(
            field(
                "output", o.output, "File to write (default: beside the model)"
            ),
            "FILE"
        ),
        field(
            "samples",
            o.samples,
            {1, 100000},
            "Test pictures on which file and model are compared"
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
  return fs::path(checkpoint_file(options.model))
             .replace_extension("")
             .string() +
         ending;
}

/// Throws std::runtime_error where the name ends as files of another format do,
/// which whoever loads it would take it for.
void check_ending(const fs::path& path, const ExportFormat& format) {
  const std::string ending = path.extension().string();
  const std::string wanted = fs::path(format.ending).extension().string();
  for (const char* known : {".pt", ".pth", ".safetensors", ".onnx"})
    if (ending == known && ending != wanted)
      throw std::runtime_error(
          path.string() + ": the format " + format.name + " is written to a " +
          wanted + " file, not to " + ending
      );
}

/// Test pictures, or random ones where the data set is not there.
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
  check_ending(path, format);
  const LoadedCheckpoint model = load_checkpoint(options.model);
  const std::string bytes =
      format.make(model.checkpoint, to_hex(sha256(model.bytes)));
  const torch::Tensor images = comparison_images(options);
  const LogitDifference difference =
      difference_from(*model.classifier, format, bytes, images);
  if (!(difference.relative <= kMaxDifference)) {
    std::cerr << fmt::format(
        "error: {}: not written, since its answers differ by {:.3g} of the "
        "largest logit from the model's; expected at most {:.3g}\n",
        path.string(),
        difference.relative,
        kMaxDifference
    );
    return kExitBelowAsked;
  }
  write_file(path, bytes);
  const nlohmann::json result = {
      {"format", options.format},
      {"path", path.string()},
      {"bytes", bytes.size()},
      {"max_abs_difference", difference.absolute},
      {"max_relative_difference", difference.relative},
      {"samples_compared", images.size(0)}};
  std::cout << dump_lenient(result) << '\n';
  return kExitDone;
}

}  // namespace

Command export_command() {
  const auto options = std::make_shared<ExportOptions>();
  return {
      .name = "export",
      .summary = "Write a network for other programs",
      .paths = "[FILE]",
      .examples =
          {{"export --model runs/quickstart", "TorchScript for Python and C++"},
           {"export --format onnx --model runs/quickstart", "ONNX"},
           {"export --format safetensors digits.safetensors",
            "weights for an equal nn.Module"}},
      .description =
          "The answers of the file are compared with those of the model before "
          "it is written. The result is printed as JSON.",
      .groups = groups(*options),
      .run = [options](const Arguments& given) {
        return export_model(*options, given.paths);
      }};
}

}  // namespace digitorch
