// `digitorch samples`: pictures of a test set as PNG files, to try `classify`
// with.
#include <filesystem>
#include <iostream>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "app/cli/option_groups.h"
#include "app/commands/registry.h"
#include "app/predict/model_file.h"
#include "app/report/drawing/png.h"
#include "app/system/exit_code.h"
#include "app/system/folder_lock.h"
#include "app/system/output_file.h"
#include "app/system/text.h"
#include "datasets/prepare.h"

namespace digitorch {
namespace {

struct SamplesOptions {
  std::string model;
  DataOptions data;
  std::string output = "samples";
  bool overwrite = false;
  int64_t count = 10;
  int64_t seed = 1;
};

std::vector<OptionGroup> groups(SamplesOptions& o) {
  constexpr int64_t kMaxFiles = 100000;
  Field model = model_field(o.model);
  model.help =
      "Write the pictures as this network takes them: a checkpoint, or the "
      "folder of a run (default: as train would prepare them)";
  return {
      {"Data", fields(o.data) + std::vector<Field>{std::move(model)}},
      {"Samples",
       {with_value(
            field("output", o.output, "Folder for the PNG files"), "FOLDER"
        ),
        overwrite_field(o.overwrite),
        field("count", o.count, {1, kMaxFiles}, "Number of pictures"),
        field("seed", o.seed, {0, INT64_MAX}, "Random seed of the choice")}}};
}

/// The name without the characters that file names may not hold.
std::string file_safe(std::string name) {
  for (char& c : name)
    if (std::string_view("/\\:*?\"<>| ").find(c) != std::string_view::npos)
      c = '_';
  return name;
}

/// The files to write, by the number of their picture in the test set.
std::vector<std::pair<int64_t, OutputFile>> files_of(
    const SamplesOptions& options, const ImageSet& test
) {
  torch::manual_seed(static_cast<uint64_t>(options.seed));
  const auto chosen = torch::randperm(test.size(), torch::kInt64);
  std::vector<std::pair<int64_t, OutputFile>> files;
  for (int64_t i = 0; i < std::min(options.count, test.size()); ++i) {
    const auto index = chosen[i].item<int64_t>();
    const auto label = static_cast<size_t>(test.labels[index].item<int64_t>());
    const std::string name = std::to_string(index) + "-is-" +
                             file_safe(test.class_names[label]) + ".png";
    files.emplace_back(
        index,
        OutputFile{
            std::filesystem::path(options.output) / name,
            "digitorch samples",
            options.overwrite}
    );
  }
  return files;
}

int samples(const SamplesOptions& options) {
  const EvaluationSet data = load_evaluation_data(
      options.model.empty()
          ? options.data.location()
          : options.data.location_for(read_checkpoint(options.model).spec.input)
  );
  print_warnings(data.warnings);
  const ImageSet& test = data.test;
  const auto files = files_of(options, test);
  for (const auto& [index, file] : files) check_output(file);
  check_writable_folder(options.output);
  for (const auto& [index, file] : files) {
    write_output(file, encode_png(to_picture(test.images[index])));
    std::cout << escape_control(file.path.string()) << '\n';
  }
  return kExitDone;
}

}  // namespace

Command samples_command() {
  const auto options = std::make_shared<SamplesOptions>();
  return {
      .name = "samples",
      .summary = "Write pictures of a test set as PNG files",
      .paths = "",
      .examples =
          {{"samples --count 3", "three pictures of MNIST"},
           {"samples --seed 2 --output other", "others, in another folder"}},
      .description =
          "Pictures are drawn at random and named NUMBER-is-CLASS.png. Their "
          "paths are printed.",
      .groups = groups(*options),
      .run = [options](const Arguments&) { return samples(*options); }};
}

}  // namespace digitorch
