// `digitorch export`: a checkpoint as a file for other programs.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/cli/option_groups.h"
#include "app/commands/registry.h"
#include "app/evaluation/evaluation.h"
#include "app/predict/model_file.h"
#include "app/system/exit_code.h"
#include "app/system/memory.h"
#include "app/system/output_file.h"
#include "app/system/text.h"
#include "app/system/write_target.h"
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

// What every exported file holds and no checkpoint does.
constexpr const char* kMark = "checkpoint_sha256";

struct ExportOptions {
  std::string model;
  std::string format = "torchscript";
  std::string output;
  bool overwrite = false;
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
        overwrite_field(o.overwrite),
        field(
            "samples",
            o.samples,
            {1, 100000},
            "Test pictures on which file and model are compared"
        )}},
      {"Data", fields(o.data)},
      {"Output", {field("quiet", o.quiet, "Print the result only")}}};
}

/// The model: --model, or the one path.
std::string model_of(
    const ExportOptions& options, const std::vector<std::string>& paths
) {
  if (paths.empty()) return options.model;
  if (paths.size() == 1 && options.model.empty()) return paths.front();
  throw std::runtime_error(
      "export: '" + paths.back() +
      "' names a second model; expected one. The file to write is named by "
      "--output"
  );
}

/// model: the checkpoint's file; empty for the shipped network.
OutputFile output_file(
    const ExportOptions& options,
    const fs::path& model,
    const ExportFormat& format
) {
  const std::string beside =
      model.empty() ? "digits" : fs::path(model).replace_extension("").string();
  return {
      .path = options.output.empty() ? beside + format.ending : options.output,
      .mark = kMark,
      .overwrite = options.overwrite,
      .inputs = {model},
      .endings = format.endings};
}

/// Test pictures, or random ones where the data set is not there.
torch::Tensor comparison_images(
    const ExportOptions& options, const InputFormat& input
) {
  try {
    const EvaluationSet data =
        load_evaluation_data(options.data.location_for(input));
    print_warnings(data.warnings);
    const ImageSet& test = data.test;
    ImageDataset dataset(test);
    std::vector<size_t> indices(
        static_cast<size_t>(std::min(options.samples, test.size()))
    );
    for (size_t i = 0; i < indices.size(); ++i) indices[i] = i;
    return dataset.get_batch(indices).data;
  } catch (const std::runtime_error& error) {
    if (!options.quiet)
      print_notes(
          {std::string(error.what()) + "; comparing on random pictures instead"}
      );
  }
  torch::manual_seed(0);
  return torch::rand(input.sizes(options.samples));
}

int export_model(
    const ExportOptions& options, const std::vector<std::string>& paths
) {
  set_threads(0);
  const torch::NoGradGuard no_gradients;
  const ExportFormat& format = export_format_named(options.format);
  const std::string named = model_file(model_of(options, paths));
  const OutputFile file = output_file(options, named, format);
  check_output(file);
  const LoadedCheckpoint model = load_checkpoint(named);
  const torch::Tensor images =
      comparison_images(options, model.classifier->input());
  check_answers(model.classifier->forward(images).softmax(1));
  const std::string bytes =
      format.make(model.checkpoint, to_hex(sha256(model.bytes)));
  const LogitDifference difference =
      difference_from(*model.classifier, format, bytes, images);
  if (!(difference.relative <= kMaxDifference)) {
    std::cerr << fmt::format(
        "error: {}: not written, since its answers differ by {:.3g} of the "
        "largest logit from the model's; expected at most {:.3g}\n",
        escape_control(file.path.string()),
        difference.relative,
        kMaxDifference
    );
    return kExitBelowAsked;
  }
  write_output(file, bytes);
  const nlohmann::json result = {
      {"format", options.format},
      {"path", file.path.string()},
      {"bytes", bytes.size()},
      {"max_abs_difference", difference.absolute},
      {"max_relative_difference", difference.relative},
      {"samples_compared", images.size(0)}};
  // Standard output may be the exported file.
  std::ostream& out = is_standard_output(file.path) ? std::cerr : std::cout;
  out << dump_lenient(result) << '\n';
  return kExitDone;
}

}  // namespace

Command export_command() {
  const auto options = std::make_shared<ExportOptions>();
  return {
      .name = "export",
      .summary = "Write a network for other programs",
      .paths = "[MODEL]",
      .examples =
          {{"export runs/quickstart", "TorchScript for Python and C++"},
           {"export --format onnx runs/quickstart", "ONNX"},
           {"export --format safetensors --output digits.safetensors",
            "weights for an equal nn.Module"}},
      .description =
          "MODEL is a checkpoint or the folder of a run. The answers of the "
          "file are compared with those of the model before it is written. The "
          "result is printed as JSON.",
      .groups = groups(*options),
      .run = [options](const Arguments& given) {
        return export_model(*options, given.paths);
      }};
}

}  // namespace digitorch
