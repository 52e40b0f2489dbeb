// `digitorch samples`: pictures of a test set as PNG files, to try `classify`
// with.
#include <filesystem>
#include <iostream>
#include <memory>
#include <opencv2/core.hpp>
#include <string_view>

#include "app/cli/option_groups.h"
#include "app/commands/registry.h"
#include "app/report/drawing/png.h"
#include "app/system/exit_code.h"
#include "app/system/folder_lock.h"
#include "app/system/write_file.h"

namespace digitorch {
namespace {

struct SamplesOptions {
  DataOptions data;
  std::string output = "samples";
  int64_t count = 10;
  int64_t seed = 1;
};

std::vector<OptionGroup> groups(SamplesOptions& o) {
  constexpr int64_t kMaxFiles = 100000;
  return {
      {"Data", fields(o.data)},
      {"Samples",
       {with_value(
            field("output", o.output, "Folder for the PNG files"), "FOLDER"
        ),
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

std::string png_of(const torch::Tensor& image) {
  const auto pixels = image.contiguous();
  const cv::Mat picture(
      kImageSide, kImageSide, CV_8UC1, pixels.data_ptr<uint8_t>()
  );
  return encode_png(picture);
}

int samples(const SamplesOptions& options) {
  const ImageSet test = load_evaluation_data(options.data.location()).test;
  torch::manual_seed(static_cast<uint64_t>(options.seed));
  const auto chosen = torch::randperm(test.size(), torch::kInt64);
  check_writable_folder(options.output);
  const int64_t count = std::min(options.count, test.size());
  for (int64_t i = 0; i < count; ++i) {
    const auto index = chosen[i].item<int64_t>();
    const auto label = static_cast<size_t>(test.labels[index].item<int64_t>());
    const std::string name = std::to_string(index) + "-is-" +
                             file_safe(test.class_names[label]) + ".png";
    const auto path = std::filesystem::path(options.output) / name;
    write_file(path, png_of(test.images[index]));
    std::cout << path.string() << '\n';
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
