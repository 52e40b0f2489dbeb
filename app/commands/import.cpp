// `digitorch import`: weights that Python saved, as a checkpoint.
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "app/cli/class_names.h"
#include "app/cli/option_groups.h"
#include "app/cli/table.h"
#include "app/commands/registry.h"
#include "app/commands/train/settings.h"
#include "app/system/exit_code.h"
#include "app/system/output_file.h"
#include "datasets/files/read_file.h"
#include "datasets/named_sets.h"
#include "models/files/import_state_dict.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

struct ImportOptions {
  std::string weights;
  std::string classes;
  std::string output;
  bool overwrite = false;
  OutputOptions print;
};

std::vector<OptionGroup> groups(ImportOptions& o) {
  std::vector<OptionGroup> all = {
      {"Weights",
       {field("weights", o.weights, "File of weights, in safetensors format"),
        classes_field(o.classes),
        with_value(
            field(
                "output",
                o.output,
                "File to write (default: beside the weights)"
            ),
            "FILE"
        ),
        overwrite_field(o.overwrite)}}};
  ModelSpec defaults;
  std::string kind;
  all.push_back(described(
      {"Model",
       {field(
           "model",
           kind,
           "Kind of network (" + join(network_kinds()) +
               "); by default as the names of the weights say"
       )}}
  ));
  all.push_back(described(
      {"Pictures",
       picture_fields(defaults.input) + normalisation_fields(defaults)}
  ));
  for (OptionGroup& group : network_groups()) all.push_back(std::move(group));
  all.push_back({"Output", fields(o.print)});
  return all;
}

/// A checkpoint may be a network that took hours: none is replaced unasked.
OutputFile output_file(const ImportOptions& options) {
  return {
      .path = options.output.empty()
                  ? fs::path(options.weights).replace_extension("").string() +
                        ".checkpoint.safetensors"
                  : options.output,
      .overwrite = options.overwrite,
      .inputs = {options.weights},
      .endings = {".safetensors"}};
}

/// Sets what was typed of the network and of its pictures.
void assign_typed(ModelSpec& spec, const std::vector<GivenOption>& typed) {
  const std::vector<OptionGroup> all = {
      {"", fields(spec.network)},
      {"", picture_fields(spec.input)},
      {"", normalisation_fields(spec)}};
  for (const GivenOption& option : typed) {
    if (option.name == "model") continue;
    const Field* target = find_field(all, option.name);
    if (target == nullptr)
      throw std::runtime_error(
          option.where + ": not an option of the model " + kind_of(spec.network)
      );
    assign(*target, option.text, option.where);
  }
}

std::vector<std::string> class_names(
    const ImportOptions& options, const StateDict& file
) {
  std::vector<std::string> names = names_of_classes(options.classes);
  if (names.empty()) names = file.class_names;
  if (names.empty()) names = numbered_classes(file.classes);
  if (std::ssize(names) != file.classes)
    throw std::runtime_error(
        "--classes: found " + std::to_string(names.size()) +
        " names; expected " + std::to_string(file.classes) +
        ", the outputs of 'output.weight'"
    );
  return names;
}

void print(
    const Checkpoint& checkpoint, const fs::path& path, const OutputOptions& o
) {
  if (o.json()) {
    std::cout << dump_lenient(
                     {{"path", path.string()},
                      {"spec", to_json(checkpoint.spec)},
                      {"class_names", checkpoint.class_names}}
                 )
              << '\n';
    return;
  }
  const Table table{{{"", 8, Column::Side::left}, {"", 0, Column::Side::left}}};
  std::cout << table.row({"network", summary(checkpoint.spec)})
            << table.row({"model", path.string()});
}

int import_weights(const ImportOptions& options, const Arguments& typed) {
  if (options.weights.empty())
    throw std::runtime_error(
        "--weights: found none; expected a file of weights, such as Python's "
        "safetensors.torch.save_file(model.state_dict(), FILE) writes"
    );
  const OutputFile file_to_write = output_file(options);
  check_output(file_to_write);
  std::string kind;
  for (const GivenOption& option : typed.options)
    if (option.name == "model") kind = option.text;
  const StateDict file = decode_state_dict(
      read_file(options.weights, kMaxCheckpointBytes), kind, options.weights
  );
  ModelSpec spec{
      .network = file.network,
      .classes = file.classes,
      .mean = file.mean,
      .std_dev = file.std_dev,
      .input = file.input};
  assign_typed(spec, typed.options);
  const Checkpoint checkpoint = checkpoint_from(
      spec, class_names(options, file), file.weights, options.weights
  );
  write_output(file_to_write, encode(checkpoint));
  print(checkpoint, file_to_write.path, options.print);
  return kExitDone;
}

}  // namespace

Command import_command() {
  const auto options = std::make_shared<ImportOptions>();
  return {
      .name = "import",
      .summary = "Make a model of weights that Python saved",
      .paths = "",
      .examples =
          {{"import --weights model.safetensors", "a state dict of Python"},
           {"import --weights model.safetensors --output mine.safetensors",
            "under a name of your own"}},
      .description =
          "Makes a checkpoint of the state dict of an equal PyTorch module, "
          "which every other command takes. The weights have the names that "
          "'export --format safetensors' gives. Sizes of layers are those of "
          "the weights; what no weight shows, such as pooling and activation, "
          "is as in the options.",
      .groups = groups(*options),
      .run = [options](const Arguments& typed) {
        return import_weights(*options, typed);
      }};
}

}  // namespace digitorch
