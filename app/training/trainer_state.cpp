#include "app/training/trainer_state.h"

#include <limits>
#include <stdexcept>

#include "app/training/options.h"

namespace digitorch {
namespace {

constexpr double kLargestNumber = std::numeric_limits<double>::max();
constexpr RealRange kSeconds{0, kLargestNumber};
constexpr RealRange kLossSum{-kLargestNumber, kLargestNumber};
constexpr RealRange kTemperature{1e-6, 1e6};

LossSums loss_sums(const JsonReader& seen, int64_t pictures) {
  const std::vector<JsonReader> sums = seen.items();
  if (sums.size() != 3) seen.refuse("a list of 3 numbers");
  return {
      .samples = sums[0].whole({0, pictures}),
      .loss = sums[1].real(kLossSum),
      .correct = sums[2].real({0, static_cast<double>(pictures)})};
}

}  // namespace

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

SavedState saved_state(const JsonReader& json, int64_t pictures) {
  json.check_keys(
      {"config",
       "seen",
       "epoch",
       "step",
       "samples",
       "epoch_seconds",
       "best_epoch",
       "best_temperature",
       "history"}
  );
  TrainerState run{
      .epoch = epochs_done(json),
      .step = json.at("step").whole({0, pictures}),
      .samples = json.at("samples").whole({0, pictures}),
      .epoch_seconds = json.at("epoch_seconds").real(kSeconds),
      .history = epoch_reports(json.at("history"))};
  const auto rows = std::ssize(run.history);
  if (rows != run.epoch)
    json.at("epoch").refuse(
        std::to_string(rows) + ", as many as \"history\" has"
    );
  run.best_epoch = json.at("best_epoch").whole({run.epoch > 0 ? 1 : 0, rows});
  // Checkpoints older than calibration have none.
  if (const auto temperature = json.find("best_temperature"))
    run.best_temperature = temperature->real(kTemperature);
  return {run, loss_sums(json.at("seen"), pictures)};
}

int64_t epochs_done(const JsonReader& state) {
  return state.at("epoch").whole({0, kMaxEpochs});
}

void append(
    NamedTensors& all, const std::string& prefix, const NamedTensors& tensors
) {
  for (const auto& [name, tensor] : tensors)
    all.emplace_back(prefix + name, tensor);
}

NamedTensors clones(const NamedTensors& tensors) {
  NamedTensors copies;
  for (const auto& [name, tensor] : tensors)
    copies.emplace_back(name, tensor.detach().clone());
  return copies;
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
    if (value.sizes() != tensor.sizes() || value.dtype() != tensor.dtype())
      throw std::runtime_error(
          where + ": training state '" + name +
          "': found another shape or type; expected those of this run"
      );
    tensor.copy_(value);
  }
}

}  // namespace digitorch
