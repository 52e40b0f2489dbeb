// What a trainer needs to go on from, out of it and into it.
#include <algorithm>
#include <stdexcept>

#include "app/training/trainer.h"

namespace digitorch {
namespace {

void append(
    NamedTensors& all, const std::string& prefix, const NamedTensors& tensors
) {
  for (const auto& [name, tensor] : tensors)
    all.emplace_back(prefix + name, tensor);
}

/// Those whose name starts with the prefix, without it.
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

}  // namespace

NamedTensors Trainer::live_tensors() const {
  NamedTensors live = {{"loss_sum", loss_sum_}, {"correct_sum", correct_sum_}};
  append(live, "optimizer.", optimizer_.state());
  if (ema_) append(live, "model.", state_dict(model_));
  return live;
}

NamedTensors Trainer::training_tensors() const {
  NamedTensors tensors = live_tensors();
  append(tensors, "best.", best_weights_);
  tensors.emplace_back(kStepRecords, to_tensor(steps_));
  tensors.emplace_back(
      "rng.cpu", at::detail::getDefaultCPUGenerator().get_state()
  );
  if (!model_.device().is_cpu())
    tensors.emplace_back("rng.device", generator_.get_state());
  return tensors;
}

nlohmann::json Trainer::training_state() const {
  nlohmann::json rows = nlohmann::json::array();
  for (const EpochReport& row : history_) rows.push_back(to_json(row));
  return {
      {"seen", {seen_.samples, seen_.loss, seen_.correct}},
      {"epoch", epoch_},
      {"step", step_},
      {"samples", samples_},
      {"epoch_seconds", epoch_seconds_},
      {"best_epoch", best_epoch_},
      {"best_temperature", best_temperature_},
      {"history", rows}};
}

void Trainer::restore(const Checkpoint& from, const std::string& where) {
  const torch::NoGradGuard no_grad;
  const NamedTensors& saved = from.training_tensors;
  for (auto& [name, tensor] : live_tensors()) {
    const torch::Tensor& value = find(saved, name, where);
    if (value.sizes() != tensor.sizes())
      throw std::runtime_error(
          where + ": training state '" + name + "' has another shape"
      );
    tensor.copy_(value);
  }
  if (ema_) {
    for (auto& [name, tensor] : ema_->weights())
      tensor.copy_(find(from.weights, name, where));
  } else {
    load_state_dict(model_, from.weights, where);
  }
  best_weights_ = with_prefix(saved, "best.");
  steps_ = step_records(find(saved, kStepRecords, where));
  at::Generator cpu_generator = at::detail::getDefaultCPUGenerator();
  cpu_generator.set_state(find(saved, "rng.cpu", where));
  if (!model_.device().is_cpu())
    for (const auto& [name, tensor] : saved)
      if (name == "rng.device") generator_.set_state(tensor);
  try {
    const nlohmann::json& state = from.training_state;
    epoch_ = state.at("epoch");
    step_ = state.at("step");
    samples_ = state.at("samples");
    epoch_seconds_ = state.at("epoch_seconds");
    best_epoch_ = state.at("best_epoch");
    // Runs older than calibration have none.
    best_temperature_ = state.value("best_temperature", 1.0);
    history_.clear();
    for (const nlohmann::json& row : state.at("history"))
      history_.push_back(epoch_report(row));
    const nlohmann::json& seen = state.at("seen");
    seen_ = {seen.at(0), seen.at(1), seen.at(2)};
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(
        where + ": the training state cannot be read: " + error.what()
    );
  }
}

}  // namespace digitorch
