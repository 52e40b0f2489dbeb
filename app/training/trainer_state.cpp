#include "app/training/trainer_state.h"

#include <stdexcept>

namespace digitorch {

nlohmann::json to_json(const SavedState& state) {
  const auto& [run, seen] = state;
  nlohmann::json rows = nlohmann::json::array();
  for (const EpochReport& row : run.history) rows.push_back(to_json(row));
  return {
      {"seen", {seen.samples, seen.loss, seen.correct}},
      {"epoch", run.epoch},
      {"step", run.step},
      {"samples", run.samples},
      {"epoch_seconds", run.epoch_seconds},
      {"best_epoch", run.best_epoch},
      {"best_temperature", run.best_temperature},
      {"history", rows}};
}

SavedState saved_state(const nlohmann::json& json, const std::string& where) {
  try {
    TrainerState run{
        .epoch = json.at("epoch"),
        .step = json.at("step"),
        .samples = json.at("samples"),
        .epoch_seconds = json.at("epoch_seconds"),
        .best_epoch = json.at("best_epoch"),
        // Checkpoints older than calibration have none.
        .best_temperature = json.value("best_temperature", 1.0)};
    for (const nlohmann::json& row : json.at("history"))
      run.history.push_back(epoch_report(row));
    const nlohmann::json& seen = json.at("seen");
    return {run, {seen.at(0), seen.at(1), seen.at(2)}};
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(
        where + ": the training state cannot be read: " + error.what()
    );
  }
}

void append(
    NamedTensors& all, const std::string& prefix, const NamedTensors& tensors
) {
  for (const auto& [name, tensor] : tensors)
    all.emplace_back(prefix + name, tensor);
}

NamedTensors with_prefix(const NamedTensors& all, const std::string& prefix) {
  NamedTensors found;
  for (const auto& [name, tensor] : all)
    if (name.starts_with(prefix))
      found.emplace_back(name.substr(prefix.size()), tensor);
  return found;
}

const torch::Tensor& find(
    const NamedTensors& all, const std::string& name, const std::string& where
) {
  for (const auto& [each, tensor] : all)
    if (each == name) return tensor;
  throw std::runtime_error(
      where + ": found no training state '" + name +
      "'; expected a checkpoint of this run's kind of optimiser"
  );
}

void copy_into(
    const NamedTensors& live,
    const NamedTensors& saved,
    const std::string& where
) {
  for (const auto& [name, tensor] : live) {
    const torch::Tensor& value = find(saved, name, where);
    if (value.sizes() != tensor.sizes())
      throw std::runtime_error(
          where + ": training state '" + name + "' has another shape"
      );
    tensor.copy_(value);
  }
}

}  // namespace digitorch
