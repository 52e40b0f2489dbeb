#include "app/predict/model_file.h"

#include <stdexcept>
#include <utility>

#include "datasets/files/read_file.h"
#include "models/files/torchscript_model.h"
#include "models/shipped/shipped.h"

namespace digitorch {

namespace {

OpenedModel decoded(std::string bytes, const std::string& name) {
  Checkpoint checkpoint = decode_checkpoint(bytes, name);
  return {std::move(checkpoint), std::move(bytes), name};
}

std::string shown_name(const std::string& text) {
  return text.empty() ? "shipped" : text;
}

/// The bytes that --model names; empty text names the shipped network.
std::string read_model(const std::string& text) {
  if (text.empty()) return std::string(shipped_checkpoint());
  if (!std::filesystem::exists(text) && is_network_kind(text))
    throw std::runtime_error(
        "--model: found '" + text +
        "', a kind of network without weights; expected a checkpoint, such as "
        "the best.safetensors of a run"
    );
  return read_file(text, kMaxCheckpointBytes);
}

}  // namespace

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  return decode_checkpoint(read_file(path, kMaxCheckpointBytes), path.string());
}

UsableModel load_model(const std::string& text, bool trust_torchscript) {
  std::string bytes = read_model(text);
  if (looks_like_torchscript(bytes)) {
    if (!trust_torchscript)
      throw std::runtime_error(
          text +
          ": found TorchScript, which is code that would be run; expected a "
          "checkpoint, or --trust-torchscript"
      );
    TorchScriptModel model = load_torchscript(bytes, text);
    return {std::move(model.classifier), std::move(model.class_names), text};
  }
  const OpenedModel opened = decoded(std::move(bytes), shown_name(text));
  const nlohmann::json& state = opened.checkpoint.training_state;
  const bool has_config = state.is_object() && state.contains("config");
  return {
      restore(opened.checkpoint, opened.name),
      opened.checkpoint.class_names,
      opened.name,
      has_config ? state["config"].value("data_sha256", "") : ""};
}

OpenedModel open_model(const std::string& text) {
  return decoded(read_model(text), shown_name(text));
}

}  // namespace digitorch
