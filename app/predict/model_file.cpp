#include "app/predict/model_file.h"

#include <stdexcept>
#include <utility>

#include "app/evaluation/evaluation.h"
#include "datasets/files/read_file.h"
#include "models/files/foreign_model.h"
#include "models/files/run_config.h"
#include "models/files/sha256.h"
#include "models/files/torchscript_model.h"
#include "models/shipped/shipped.h"

namespace digitorch {
namespace {

std::string model_name(const std::string& file) {
  return file.empty() ? kShippedName : file;
}

std::string read_model(const std::string& file) {
  if (file.empty()) return std::string(shipped_checkpoint());
  if (!std::filesystem::exists(file) && is_network_kind(file))
    throw std::runtime_error(
        "--model: found '" + file +
        "', a kind of network without weights; expected a checkpoint, such "
        "as "
        "the best.safetensors of a run"
    );
  return read_file(file, kMaxCheckpointBytes);
}

/// Asks the network about a black, a white and a grey picture. Throws
/// std::runtime_error naming `name` where an answer is not a number.
void check_answers_of(Classifier& network, const std::string& name) {
  const c10::InferenceMode no_gradients;
  const torch::Tensor images =
      torch::ones(network.input().sizes(3)) *
      torch::tensor({0.0F, 1.0F, 0.5F}).view({3, 1, 1, 1});
  try {
    check_answers(network.forward(images).softmax(1));
  } catch (const AnswersNotFinite& error) {
    throw std::runtime_error(name + ": " + error.what());
  }
}

LoadedCheckpoint loaded_from(std::string bytes, std::string name) {
  LoadedCheckpoint loaded;
  loaded.checkpoint = decode_checkpoint(bytes, name);
  loaded.classifier = restore(loaded.checkpoint, name);
  check_answers_of(*loaded.classifier, name);
  loaded.class_names = loaded.checkpoint.class_names;
  loaded.config = run_config(loaded.checkpoint, name);
  loaded.name = std::move(name);
  loaded.digest = to_hex(sha256(bytes));
  loaded.bytes = std::move(bytes);
  return loaded;
}

}  // namespace

std::string model_file(const std::string& named) {
  if (!std::filesystem::is_directory(named)) return named;
  const std::filesystem::path best =
      std::filesystem::path(named) / "best.safetensors";
  if (!std::filesystem::exists(best))
    throw std::runtime_error(
        named + ": is no run folder (no best.safetensors in it)"
    );
  return best.string();
}

LoadedCheckpoint load_checkpoint(const std::string& named) {
  const std::string file = model_file(named);
  return loaded_from(read_model(file), model_name(file));
}

LoadedModel load_model(
    const std::string& named,
    bool trust_torchscript,
    const std::vector<std::string>& class_names
) {
  const std::string file = model_file(named);
  std::string bytes = read_model(file);
  if (!is_torchscript_archive(bytes)) {
    LoadedModel loaded = loaded_from(std::move(bytes), model_name(file));
    if (!class_names.empty())
      throw std::runtime_error(
          "--classes: found with " + loaded.name +
          ", a checkpoint, which names its classes itself; expected it with "
          "TorchScript only"
      );
    return loaded;
  }
  if (!trust_torchscript)
    throw std::runtime_error(
        file +
        ": found TorchScript, which is code that would be run; expected a "
        "checkpoint, or --trust-torchscript"
    );
  TorchScriptModel model = load_torchscript(bytes, file, class_names);
  check_answers_of(*model.classifier, file);
  return {
      .classifier = std::move(model.classifier),
      .class_names = std::move(model.class_names),
      .name = file,
      .digest = to_hex(sha256(bytes))};
}

Checkpoint read_checkpoint(const std::filesystem::path& named) {
  const std::filesystem::path path = model_file(named.string());
  return decode_checkpoint(read_file(path, kMaxCheckpointBytes), path.string());
}

nlohmann::json run_config(
    const Checkpoint& checkpoint, const std::string& name
) {
  if (checkpoint.training_state.is_null()) return nullptr;
  const JsonReader state(checkpoint.training_state, name, "training_state");
  const auto config = state.find("config");
  if (!config) return nullptr;
  check_run_config(*config);
  return config->json();
}

}  // namespace digitorch
