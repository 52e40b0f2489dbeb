#include "app/commands/train/presets.h"

#include <stdexcept>
#include <utility>

#include "models/options/nearest.h"

namespace digitorch {
namespace {

struct Preset {
  std::string name;
  /// Names and values. The name "preset" stands for the options of another
  /// preset; later options win over earlier ones.
  std::vector<std::pair<std::string, std::string>> options;
};

const std::vector<Preset>& presets() {
  static const std::vector<Preset> table = {
      // The network, optimiser and schedule of PyTorch's MNIST example.
      {"stock", {{"model", "cnn"},         {"channels", "32,64"},
                 {"kernel", "3"},          {"padding", "valid"},
                 {"pool", "1,2"},          {"hidden", "128"},
                 {"batch-norm", "false"},  {"conv-dropout", "0.25"},
                 {"dropout", "0.5"},       {"epochs", "14"},
                 {"batch-size", "64"},     {"optimizer", "adadelta"},
                 {"beta2", "0.9"},         {"lr", "1"},
                 {"schedule", "step"},     {"step-epochs", "1"},
                 {"gamma", "0.7"},         {"augment", "none"},
                 {"label-smoothing", "0"}, {"weight-decay", "0"},
                 {"validation", "0"}}},
      // The first exercise of many textbooks: small sigmoid layers, squared
      // error, and plain gradient descent on batches of ten pictures.
      {"classic",
       {{"model", "scratch"},
        {"hidden", "10,10,10"},
        {"activation", "sigmoid"},
        {"initialisation", "xavier"},
        {"loss", "squared-error"},
        {"label-smoothing", "0"},
        {"optimizer", "sgd"},
        {"momentum", "0"},
        {"weight-decay", "0"},
        {"schedule", "constant"},
        {"lr", "0.5"},
        {"batch-size", "10"},
        {"epochs", "30"},
        {"augment", "none"}}},
      // The well-known recipe that learns MNIST to 99 % in one epoch: the whole
      // training set, a one-cycle schedule with a large learning rate, and
      // little momentum.
      {"fast",
       {{"model", "cnn"},          {"channels", "24,32"}, {"kernel", "5,3"},
        {"padding", "valid"},      {"pool", "2"},         {"hidden", "256"},
        {"batch-norm", "false"},   {"conv-dropout", "0"}, {"dropout", "0"},
        {"epochs", "1"},           {"batch-size", "256"}, {"optimizer", "adam"},
        {"momentum", "0.7"},       {"beta2", "0.9"},      {"lr", "0.01"},
        {"schedule", "one-cycle"}, {"augment", "none"},   {"ema", "0"},
        {"label-smoothing", "0"},  {"weight-decay", "0"}, {"validation", "0"}}},
      // Small pictures in colour, of few or many for each class. Chosen on
      // validation: scripts/measure/README.md has what was tried.
      {"small-photos",
       {{"model", "cnn"},
        {"pictures", "plain"},
        {"image-size", "32"},
        {"channels", "32,64,128"},
        {"kernel", "3"},
        {"padding", "same"},
        {"pool", "2"},
        {"hidden", "256"},
        {"dropout", "0.3"},
        {"epochs", "60"},
        {"batch-size", "32"},
        {"augment", "photos-unmirrored"},
        {"mixup", "0.2"}}},
      // The preset "fast" with a smaller network, without the pictures' empty
      // frame, and with label smoothing: equal accuracy on the validation part
      // in half of the time.
      {"quick",
       {{"preset", "fast"},
        {"crop", "2"},
        {"channels", "8,32"},
        {"hidden", "128"},
        {"batch-size", "192"},
        {"lr", "0.015"},
        {"label-smoothing", "0.05"}}},
  };
  return table;
}

}  // namespace

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& each : presets()) names.push_back(each.name);
  return names;
}

std::vector<GivenOption> preset_options(const std::string& name) {
  for (const Preset& each : presets()) {
    if (each.name != name) continue;
    std::vector<GivenOption> options;
    for (const auto& [option, text] : each.options)
      if (option == "preset")
        options = preset_options(text);
      else
        options.push_back({option, text, "--preset " + name + ": " + option});
    return options;
  }
  throw std::runtime_error(
      "--preset: found '" + name + "'; expected one of " +
      join(preset_names()) + did_you_mean(name, preset_names())
  );
}

Field preset_field(std::string& preset) {
  return with_value(
      field(
          "preset",
          preset,
          "Named set of options: " + join(preset_names()) +
              "; options typed beside it win"
      ),
      "NAME",
      preset_names()
  );
}

}  // namespace digitorch
