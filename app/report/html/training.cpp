#include "app/report/html/training.h"

#include <string_view>

#include "app/training/options.h"
#include "datasets/augment.h"
#include "datasets/generator.h"
#include "models/options/fields_json.h"
#include "models/spec.h"

namespace digitorch {
namespace {

using nlohmann::json;

json options_of(const json& config) {
  const auto options =
      config.is_object() ? config.find("options") : config.end();
  return options == config.end() || !options->is_object() ? json::object()
                                                          : *options;
}

/// The defaults of training and of the network that the options name.
json defaults_of(const json& options) {
  TrainOptions train;
  json defaults = to_json(fields(train));
  const auto model = options.find("model");
  const std::string kind = model == options.end() ? "" : json_to_text(*model);
  if (is_network_kind(kind)) {
    NetworkOptions network = default_network(kind);
    defaults.update(to_json(fields(network)));
  }
  defaults.update(
      {{"data", "mnist"},
       {"data-dir", "data"},
       {"skip-bad", false},
       {"transpose", false},
       {"pictures", "auto"},
       {"image-size", 0},
       {"channels-in", 0}}
  );
  return defaults;
}

/// A word as a shell takes it.
std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
      "_-./,:=+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos)
    return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

/// uint8 pictures [N, C, H, W], changed by the augmentation of that name.
torch::Tensor augmented(
    const torch::Tensor& images,
    const std::string& name,
    const InputFormat& format
) {
  if (name.empty()) return images;
  return augment(
             to_unit_range(images),
             *augmentation(name, format),
             make_generator(0)
  )
      .mul(255)
      .round()
      .clamp(0, 255)
      .to(torch::kUInt8);
}

}  // namespace

std::string command_of(const json& config) {
  const json options = options_of(config);
  if (options.empty()) return "";
  const json defaults = defaults_of(options);
  std::string command = "digitorch train";
  for (const auto& [name, value] : options.items()) {
    if (name == "device" || name == "threads") continue;
    if (defaults.contains(name) && defaults[name] == value) continue;
    command += " --" + name + "=" + quoted(json_to_text(value));
  }
  return command;
}

bool mixes(const json& config) {
  const json options = options_of(config);
  const auto alpha = options.find("mixup");
  return alpha != options.end() && alpha->is_number() && *alpha > 0;
}

std::string augmentation_of(const json& config) {
  const json options = options_of(config);
  const auto name = options.find("augment");
  if (name == options.end()) return "";
  for (const Augmentation& each : augmentations())
    if (each.options && json(each.name) == *name) return each.name;
  return "";
}

std::vector<SeenPicture> seen_pictures(
    const ImageSet& train, const json& config, size_t count
) {
  const auto classes = std::ssize(train.class_names);
  std::vector<int64_t> rows;
  constexpr int64_t kOfEachClass = 2;
  for (int64_t nth = 0; nth < kOfEachClass; ++nth)
    for (int64_t c = 0; c < classes && rows.size() < count; ++c) {
      const torch::Tensor members = (train.labels == c).nonzero().view(-1);
      if (members.numel() > nth) rows.push_back(members[nth].item<int64_t>());
    }
  if (rows.empty()) return {};
  const torch::Tensor chosen = torch::tensor(rows, torch::kInt64);
  const torch::Tensor images = augmented(
      train.images.index_select(0, chosen),
      augmentation_of(config),
      train.format()
  );
  std::vector<SeenPicture> seen;
  for (int64_t i = 0; i < chosen.size(0); ++i) {
    const auto label = train.labels[rows[static_cast<size_t>(i)]];
    seen.push_back(
        {images[i],
         train.class_names[static_cast<size_t>(label.item<int64_t>())]}
    );
  }
  return seen;
}

std::vector<int64_t> class_counts(const ImageSet& set) {
  const torch::Tensor counts =
      torch::bincount(set.labels, {}, std::ssize(set.class_names));
  const int64_t* first = counts.const_data_ptr<int64_t>();
  return {first, first + counts.numel()};
}

}  // namespace digitorch
